//! Reads a file and writes it again, in its own or in another transfer syntax of the same byte
//! order: for checks by other readers. `rewrite IN OUT [TRANSFER SYNTAX UID]`

use std::error::Error;

use obscura_core::Limits;
use obscura_dicom::{Source, Syntax, write_file};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(from), Some(to)) = (arguments.next(), arguments.next()) else {
        return Err("rewrite IN OUT [TRANSFER SYNTAX UID]".into());
    };
    let bytes = std::fs::read(from)?;
    let limits = Limits::default();
    let source = Source::open(&bytes, &limits)?;
    let file = source.parse(&limits)?;
    let syntax = match arguments.next() {
        Some(uid) => Syntax::from_uid(&uid.to_string_lossy()),
        None => file.syntax.clone(),
    };
    if syntax.endian != file.syntax.endian {
        return Err("values are not turned to another byte order".into());
    }
    let mut out = Vec::new();
    write_file(&file.meta, &file.data, &syntax, &mut out);
    std::fs::write(to, out)?;
    Ok(())
}

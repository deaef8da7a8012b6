//! Writes the synthetic objects of one person into a directory, `objects`, one file each, and texts
//! about that person into another, `texts`: seeds for fuzzing, and something to look at with other
//! programs.
//!
//! `cargo run -p obscura-testkit --example seeds -- DIRECTORY [SEED]`

use std::path::Path;

use obscura_testkit::{Kind, Object};

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let place = arguments
        .next()
        .unwrap_or_else(|| ".obscura-work/seeds".to_owned());
    let seed = arguments
        .next()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(1);
    let objects = Path::new(&place).join("objects");
    let texts = Path::new(&place).join("texts");
    std::fs::create_dir_all(&objects)?;
    std::fs::create_dir_all(&texts)?;
    for (name, object) in obscura_testkit::collection(seed) {
        std::fs::write(objects.join(format!("{name}.dcm")), &object.bytes)?;
        std::fs::write(texts.join(format!("{name}.txt")), text(&object))?;
    }
    Ok(())
}

/// Six lines of identifiers, as `check_text` takes them, and then a text that holds them and words
/// that must stay.
fn text(object: &Object) -> String {
    let planted = |kind, at| {
        let mut found = object.planted.iter().filter(|planted| planted.kind == kind);
        found
            .nth(at)
            .map_or_else(String::new, |planted| planted.text.clone())
    };
    let name = planted(Kind::Name, 0);
    let mut lines = vec![
        format!("{name}^{}", planted(Kind::Name, 1)),
        planted(Kind::Number, 0),
        planted(Kind::Number, 1),
        planted(Kind::Contact, 0),
        planted(Kind::Place, 0),
        planted(Kind::Date, 0),
    ];
    let said = format!(
        "{} Pt. {name}, MRN {}; Dr {name} {} {}",
        object.clinical.join(" "),
        lines[1],
        lines[5],
        lines[4],
    );
    lines.push(said);
    lines.join("\n")
}

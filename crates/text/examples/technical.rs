//! Prints which lines of standard input the technical context changes, for looking at vocabularies.

use std::io::BufRead;

use obscura_text::{Cleaner, Context, Harvest};

#[allow(clippy::print_stdout)]
fn main() {
    let harvest = Harvest::new();
    let cleaner = Cleaner::new(&harvest);
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let cleaned = cleaner.clean(&line, Context::Technical).text;
        if cleaned != line {
            println!("{line}\t{cleaned}");
        }
    }
}

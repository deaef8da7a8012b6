//! The document that stands in for an encapsulated one (PS3.3 C.24.2, action D).
//!
//! A PDF, CDA or mesh inside an object cannot be cleaned by this engine. In its place stands one
//! page that says so, of the same MIME type, so that the object stays valid and opens everywhere.

/// What stands in the place of the document.
pub(crate) const NOTICE: &str =
    "The document was removed by de-identification. It could not be cleaned and verified.";

/// The replacement for a document of this MIME type (0042,0012).
pub(crate) fn dummy_document(mime_type: &str) -> Vec<u8> {
    match mime_type.to_ascii_lowercase().as_str() {
        "application/pdf" | "" => one_page_pdf(),
        "text/xml" | "application/xml" => clinical_document().into_bytes(),
        "model/stl" | "application/sla" => empty_stl(),
        _ => NOTICE.as_bytes().to_vec(),
    }
}

/// A PDF 1.4 file with one page and the standard font Helvetica (ISO 32000-1, 7.5).
fn one_page_pdf() -> Vec<u8> {
    let stream = format!("BT /F1 14 Tf 56 760 Td ({NOTICE}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 680 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!(
            "<< /Length {} >>\nstream\n{stream}\nendstream",
            stream.len()
        ),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut pdf = String::from("%PDF-1.4\n");
    let mut table = String::new();
    for (index, object) in objects.iter().enumerate() {
        table += &format_args!("{:010} 00000 n \n", pdf.len()).to_string();
        pdf += &format_args!("{} 0 obj\n{object}\nendobj\n", index + 1).to_string();
    }
    let (size, start) = (objects.len() + 1, pdf.len());
    pdf += &[
        format!("xref\n0 {size}\n0000000000 65535 f \n{table}"),
        format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"),
    ]
    .concat();
    pdf.into_bytes()
}

fn clinical_document() -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ClinicalDocument xmlns=\"urn:hl7-org:v3\">\
         <title>{NOTICE}</title></ClinicalDocument>\n"
    )
}

/// A binary STL without triangles: 80 bytes of header and a count of zero.
fn empty_stl() -> Vec<u8> {
    let mut stl = NOTICE.as_bytes()[..80.min(NOTICE.len())].to_vec();
    stl.resize(80, b' ');
    stl.extend_from_slice(&0_u32.to_le_bytes());
    stl
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cross_reference_table_points_at_the_objects() {
        let pdf = String::from_utf8(dummy_document("application/pdf")).unwrap();
        let table: usize = pdf
            .rsplit("startxref\n")
            .next()
            .unwrap()
            .lines()
            .next()
            .unwrap()
            .parse()
            .unwrap();
        assert!(pdf[table..].starts_with("xref\n0 6\n"));
        for (index, line) in pdf[table..].lines().skip(3).take(5).enumerate() {
            let offset: usize = line[..10].parse().unwrap();
            assert!(pdf[offset..].starts_with(&format!("{} 0 obj", index + 1)));
        }
        assert!(pdf.contains(NOTICE));
    }

    #[test]
    fn other_types_get_a_notice_of_their_own_kind() {
        assert!(dummy_document("text/XML").starts_with(b"<?xml"));
        assert_eq!(dummy_document("model/stl").len(), 84);
        assert_eq!(dummy_document("text/plain"), NOTICE.as_bytes());
    }
}

//! The objects without pixels: structured report, RT structure set, presentation state, PDF.

use dicom_core::VR;
use dicom_dictionary_std::tags;
use obscura_dicom::{DataSet, Element};

use crate::synthetic::classes;
use crate::{Kind, Person, Synthetic};

impl Synthetic {
    /// An Enhanced SR: a tree with an observer's name, dates, references and free text.
    pub fn sr(person: &Person) -> Self {
        let object = Self::new(person, classes::SR, "SR");
        let finding = format!(
            "3 cm nodule in the right upper lobe. Discussed with {} {} (MRN {}) on {}.",
            person.given,
            person.family,
            person.id,
            dashed(&person.study_date)
        );
        let observer = object.item(
            "HAS OBS CONTEXT",
            "PNAME",
            ("121008", "DCM", "Person Observer Name"),
        );
        let observer = with(
            observer,
            object.text(tags::PERSON_NAME, VR::PN, &person.physician),
        );
        let subject = object.item(
            "HAS OBS CONTEXT",
            "UIDREF",
            ("121028", "DCM", "Subject UID"),
        );
        let subject = with(subject, object.text(tags::UID, VR::UI, &person.uid("8")));
        let text = object.item("CONTAINS", "TEXT", ("121071", "DCM", "Finding"));
        let text = with(text, object.text(tags::TEXT_VALUE, VR::UT, &finding));
        let date = object.item("CONTAINS", "DATE", ("111060", "DCM", "Study Date"));
        let date = with(date, object.text(tags::DATE, VR::DA, &person.study_date));
        let nested = object.item("CONTAINS", "CONTAINER", ("121070", "DCM", "Findings"));
        let nested = with(nested, continuity(&object));
        let nested = with(
            nested,
            Element::sequence(tags::CONTENT_SEQUENCE, vec![text, date]),
        );
        object
            .with(tags::CONTENT_DATE, VR::DA, &person.study_date)
            .with(tags::CONTENT_TIME, VR::TM, &person.study_time)
            .with(tags::COMPLETION_FLAG, VR::CS, "COMPLETE")
            .with(tags::VERIFICATION_FLAG, VR::CS, "UNVERIFIED")
            .with(tags::VALUE_TYPE, VR::CS, "CONTAINER")
            .with(tags::CONTINUITY_OF_CONTENT, VR::CS, "SEPARATE")
            .with_items(
                tags::CONCEPT_NAME_CODE_SEQUENCE,
                vec![code("18748-4", "LN", "Report")],
            )
            .with_items(tags::PERFORMED_PROCEDURE_CODE_SEQUENCE, Vec::new())
            .with_items(
                tags::REFERENCED_PERFORMED_PROCEDURE_STEP_SEQUENCE,
                Vec::new(),
            )
            .with_items(tags::CONTENT_SEQUENCE, vec![observer, subject, nested])
            .planted(Kind::Uid, &person.uid("8"))
            .clinical("3 cm nodule in the right upper lobe")
    }

    /// An RT structure set: regions named by a person, an approver, references to the images.
    pub fn rtstruct(person: &Person) -> Self {
        let object = Self::new(person, classes::RTSTRUCT, "RTSTRUCT");
        let reviewer = format!("{}^Approving", person.physician);
        let roi = DataSet::from_elements(vec![
            object.text(tags::ROI_NUMBER, VR::IS, "1"),
            object.text(
                tags::REFERENCED_FRAME_OF_REFERENCE_UID,
                VR::UI,
                &person.uid("2"),
            ),
            object.text(tags::ROI_NAME, VR::LO, "Heart"),
            object.text(tags::ROI_GENERATION_ALGORITHM, VR::CS, "MANUAL"),
        ]);
        let observation = DataSet::from_elements(vec![
            object.text(tags::OBSERVATION_NUMBER, VR::IS, "1"),
            object.text(tags::REFERENCED_ROI_NUMBER, VR::IS, "1"),
            object.text(tags::RTROI_INTERPRETED_TYPE, VR::CS, "ORGAN"),
            object.text(tags::ROI_INTERPRETER, VR::PN, &reviewer),
        ]);
        let frame = DataSet::from_elements(vec![object.text(
            tags::FRAME_OF_REFERENCE_UID,
            VR::UI,
            &person.uid("2"),
        )]);
        object
            .with(tags::STRUCTURE_SET_LABEL, VR::SH, "PLAN 1")
            .with(tags::STRUCTURE_SET_DATE, VR::DA, &person.study_date)
            .with(tags::STRUCTURE_SET_TIME, VR::TM, &person.study_time)
            .with(tags::APPROVAL_STATUS, VR::CS, "APPROVED")
            .with(tags::REVIEWER_NAME, VR::PN, &reviewer)
            .with(tags::REVIEW_DATE, VR::DA, &person.study_date)
            .with(tags::REVIEW_TIME, VR::TM, &person.study_time)
            .with(tags::OPERATORS_NAME, VR::PN, &person.physician)
            .with_items(tags::REFERENCED_FRAME_OF_REFERENCE_SEQUENCE, vec![frame])
            .with_items(tags::STRUCTURE_SET_ROI_SEQUENCE, vec![roi])
            .with_items(tags::ROI_CONTOUR_SEQUENCE, Vec::new())
            .with_items(tags::RTROI_OBSERVATIONS_SEQUENCE, vec![observation])
            .planted(Kind::Uid, &person.uid("2"))
            .clinical("Heart")
    }

    /// A presentation state whose graphic annotation spells the patient's name.
    pub fn pr(person: &Person) -> Self {
        let object = Self::new(person, classes::PR, "PR");
        let drawn = format!("{} {} {}", person.family, person.given, person.id);
        let text = DataSet::from_elements(vec![
            object.text(tags::UNFORMATTED_TEXT_VALUE, VR::ST, &drawn),
            object.text(tags::ANCHOR_POINT, VR::FL, "1\\1"),
            object.text(tags::ANCHOR_POINT_VISIBILITY, VR::CS, "N"),
            object.text(tags::ANCHOR_POINT_ANNOTATION_UNITS, VR::CS, "PIXEL"),
        ]);
        let annotation = DataSet::from_elements(vec![
            object.text(tags::GRAPHIC_LAYER, VR::CS, "LAYER1"),
            Element::sequence(tags::TEXT_OBJECT_SEQUENCE, vec![text]),
        ]);
        let layer = DataSet::from_elements(vec![
            object.text(tags::GRAPHIC_LAYER, VR::CS, "LAYER1"),
            object.text(tags::GRAPHIC_LAYER_ORDER, VR::IS, "1"),
        ]);
        object
            .with(tags::CONTENT_LABEL, VR::CS, "MARKED")
            .with(tags::CONTENT_DESCRIPTION, VR::LO, "marked by the reader")
            .with(tags::PRESENTATION_CREATION_DATE, VR::DA, &person.study_date)
            .with(tags::PRESENTATION_CREATION_TIME, VR::TM, &person.study_time)
            .with(tags::CONTENT_CREATOR_NAME, VR::PN, &person.physician)
            .with(tags::PRESENTATION_LUT_SHAPE, VR::CS, "IDENTITY")
            .with_items(tags::GRAPHIC_ANNOTATION_SEQUENCE, vec![annotation])
            .with_items(tags::GRAPHIC_LAYER_SEQUENCE, vec![layer])
    }

    /// An encapsulated PDF of one page that names the patient, in its text and in its title.
    pub fn encapsulated_pdf(person: &Person) -> Self {
        let title = format!("Report of {}", person.id);
        let mut pdf = minimal_pdf(&title);
        if pdf.len() % 2 == 1 {
            pdf.push(b'\n');
        }
        Self::new(person, classes::PDF, "DOC")
            .with(tags::CONVERSION_TYPE, VR::CS, "SD")
            .with(tags::CONTENT_DATE, VR::DA, &person.study_date)
            .with(tags::CONTENT_TIME, VR::TM, &person.study_time)
            .with(tags::ACQUISITION_DATE_TIME, VR::DT, &person.study_date)
            .with(tags::BURNED_IN_ANNOTATION, VR::CS, "YES")
            .with(tags::DOCUMENT_TITLE, VR::ST, &title)
            .with_items(tags::CONCEPT_NAME_CODE_SEQUENCE, Vec::new())
            .with(
                tags::MIME_TYPE_OF_ENCAPSULATED_DOCUMENT,
                VR::LO,
                "application/pdf",
            )
            .with_bytes(tags::ENCAPSULATED_DOCUMENT, VR::OB, pdf)
    }

    /// A content item (PS3.3 C.17.3) with its concept name; the value comes after.
    fn item(&self, relation: &str, kind: &str, name: (&str, &str, &str)) -> DataSet<'static> {
        DataSet::from_elements(vec![
            self.text(tags::RELATIONSHIP_TYPE, VR::CS, relation),
            self.text(tags::VALUE_TYPE, VR::CS, kind),
            Element::sequence(
                tags::CONCEPT_NAME_CODE_SEQUENCE,
                vec![code(name.0, name.1, name.2)],
            ),
        ])
    }
}

fn continuity(object: &Synthetic) -> Element<'static> {
    object.text(tags::CONTINUITY_OF_CONTENT, VR::CS, "SEPARATE")
}

fn with(mut item: DataSet<'static>, element: Element<'static>) -> DataSet<'static> {
    item.put(element);
    item
}

fn code(value: &str, scheme: &str, meaning: &str) -> DataSet<'static> {
    DataSet::from_elements(vec![
        Element::text(tags::CODE_VALUE, VR::SH, value),
        Element::text(tags::CODING_SCHEME_DESIGNATOR, VR::SH, scheme),
        Element::text(tags::CODE_MEANING, VR::LO, meaning),
    ])
}

/// `YYYYMMDD` as people write it: `YYYY-MM-DD`.
fn dashed(date: &str) -> String {
    format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..])
}

fn minimal_pdf(text: &str) -> Vec<u8> {
    let content = format!("BT /F1 12 Tf 72 720 Td ({text}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!(
            "<< /Length {} >>\nstream\n{content}\nendstream",
            content.len()
        ),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        format!("<< /Title ({text}) >>"),
    ];
    let mut pdf = Pdf {
        bytes: b"%PDF-1.4\n".to_vec(),
        places: Vec::new(),
    };
    for object in &objects {
        pdf.object(object);
    }
    pdf.end(objects.len())
}

/// A PDF in the making: its bytes, and where each object begins.
struct Pdf {
    bytes: Vec<u8>,
    places: Vec<usize>,
}

impl Pdf {
    fn object(&mut self, content: &str) {
        self.places.push(self.bytes.len());
        let number = self.places.len();
        self.bytes
            .extend(format!("{number} 0 obj\n{content}\nendobj\n").bytes());
    }

    /// The table of places; the last object is the information dictionary.
    fn end(mut self, last: usize) -> Vec<u8> {
        let (table, size) = (self.bytes.len(), last + 1);
        self.bytes
            .extend(format!("xref\n0 {size}\n0000000000 65535 f \n").bytes());
        for place in &self.places {
            self.bytes.extend(format!("{place:010} 00000 n \n").bytes());
        }
        let trailer = format!("trailer\n<< /Size {size} /Root 1 0 R /Info {last} 0 R >>\n");
        self.bytes.extend(trailer.bytes());
        self.bytes
            .extend(format!("startxref\n{table}\n%%EOF\n").bytes());
        self.bytes
    }
}

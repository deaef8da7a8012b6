//! [`page`]: whether an object is, by its header, a page rather than a picture of a body.
//!
//! Scanned letters, screenshots and dose reports hold text from edge to edge; blanking it line by
//! line leaves little, and a team may rather set them aside. The header only makes an object a
//! candidate: how much text the detector finds decides, and a page whose header says nothing is
//! found by its text alone.

use dicom_dictionary_std::tags;
use obscura_dicom::{Header, Tag};

/// What an object may be a page of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Page {
    /// A paper that was scanned, or a drawing.
    ScannedDocument,
    /// A picture of a screen.
    Screenshot,
    /// A dose report or a scan protocol.
    DoseReport,
    /// Another report as a picture.
    Report,
    /// A secondary capture of which the header says no more: as often a picture as a page.
    Unspecified,
}

/// What in the header says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PageCause {
    /// Conversion Type (0008,0064).
    ConversionType,
    /// Image Type (0008,0008).
    ImageType,
    /// Modality (0008,0060).
    Modality,
    /// A description or title.
    Description,
    /// The SOP class.
    SopClass,
    /// One bit for a pixel, as fax and scanner make them.
    SingleBit,
}

/// A candidate for a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageHint {
    /// Of what.
    pub page: Page,
    /// By what.
    pub cause: PageCause,
}

/// The Secondary Capture family (PS3.4 B.5); the second has single bit frames.
const SECONDARY_CAPTURE: [&str; 5] = [
    "1.2.840.10008.5.1.4.1.1.7",
    "1.2.840.10008.5.1.4.1.1.7.1",
    "1.2.840.10008.5.1.4.1.1.7.2",
    "1.2.840.10008.5.1.4.1.1.7.3",
    "1.2.840.10008.5.1.4.1.1.7.4",
];
const SINGLE_BIT: &str = SECONDARY_CAPTURE[1];

/// Values of Image Type, by what stands in them.
const IMAGE_TYPES: [(&str, Page); 12] = [
    ("DOSE", Page::DoseReport),
    // Siemens' patient protocol.
    ("CT_SOM5 PROT", Page::DoseReport),
    ("SCREEN", Page::Screenshot),
    ("SNAPSHOT", Page::Screenshot),
    ("SCANNED", Page::ScannedDocument),
    ("SCAN_DOC", Page::ScannedDocument),
    ("DOCUMENT", Page::ScannedDocument),
    ("FAX", Page::ScannedDocument),
    ("REPORT", Page::Report),
    ("DEMOGRAPHICDATA", Page::Report),
    ("CAPTURE", Page::Screenshot),
    ("WORKSHEET", Page::Report),
];

/// Attributes in which people and devices say what an object is.
const DESCRIPTIONS: [Tag; 5] = [
    tags::SERIES_DESCRIPTION,
    tags::PROTOCOL_NAME,
    tags::DOCUMENT_TITLE,
    tags::STUDY_DESCRIPTION,
    tags::DERIVATION_DESCRIPTION,
];

/// Phrases of descriptions, lower case. Single words that also describe pictures ("dose", "low
/// dose", "protocol") are not among them.
const PHRASES: &[(&str, Page)] = &[
    ("dose report", Page::DoseReport),
    ("dose info", Page::DoseReport),
    ("dose record", Page::DoseReport),
    ("dose summary", Page::DoseReport),
    ("dose sheet", Page::DoseReport),
    ("dose page", Page::DoseReport),
    ("patient protocol", Page::DoseReport),
    ("exam protocol", Page::DoseReport),
    ("dosisbericht", Page::DoseReport),
    ("dosisprotokoll", Page::DoseReport),
    ("dosisinfo", Page::DoseReport),
    ("patientenprotokoll", Page::DoseReport),
    ("rapport de dose", Page::DoseReport),
    ("rapport dose", Page::DoseReport),
    ("informe de dosis", Page::DoseReport),
    ("hoja de dosis", Page::DoseReport),
    ("relat\u{F3}rio de dose", Page::DoseReport),
    ("relatorio de dose", Page::DoseReport),
    ("rapporto di dose", Page::DoseReport),
    ("report dose", Page::DoseReport),
    ("dosisrapport", Page::DoseReport),
    ("dosrapport", Page::DoseReport),
    ("\u{5242}\u{91CF}\u{62A5}\u{544A}", Page::DoseReport),
    (
        "\u{7DDA}\u{91CF}\u{30EC}\u{30DD}\u{30FC}\u{30C8}",
        Page::DoseReport,
    ),
    ("screen save", Page::Screenshot),
    ("screensave", Page::Screenshot),
    ("screen shot", Page::Screenshot),
    ("screenshot", Page::Screenshot),
    ("screen capture", Page::Screenshot),
    ("secondary capture", Page::Screenshot),
    ("snapshot", Page::Screenshot),
    ("bildschirm", Page::Screenshot),
    ("capture d'\u{E9}cran", Page::Screenshot),
    ("capture d'ecran", Page::Screenshot),
    ("captura de pantalla", Page::Screenshot),
    ("captura de tela", Page::Screenshot),
    ("schermata", Page::Screenshot),
    ("schermafbeelding", Page::Screenshot),
    ("scanned", Page::ScannedDocument),
    ("scan document", Page::ScannedDocument),
    ("document scan", Page::ScannedDocument),
    ("paper document", Page::ScannedDocument),
    ("eingescannt", Page::ScannedDocument),
    ("gescannt", Page::ScannedDocument),
    ("escaneado", Page::ScannedDocument),
    ("digitalizado", Page::ScannedDocument),
    ("document num\u{E9}ris\u{E9}", Page::ScannedDocument),
    ("documento scansionato", Page::ScannedDocument),
    ("requisition", Page::ScannedDocument),
    ("request form", Page::ScannedDocument),
    ("order form", Page::ScannedDocument),
    ("consent form", Page::ScannedDocument),
    ("anforderungsschein", Page::ScannedDocument),
    ("aufkl\u{E4}rungsbogen", Page::ScannedDocument),
    ("\u{FC}berweisung", Page::ScannedDocument),
    ("nomination form", Page::ScannedDocument),
    ("questionnaire", Page::ScannedDocument),
    ("fragebogen", Page::ScannedDocument),
    ("report", Page::Report),
    ("worksheet", Page::Report),
    ("befundbericht", Page::Report),
    ("arztbrief", Page::Report),
    ("compte rendu", Page::Report),
    ("compte-rendu", Page::Report),
    ("informe", Page::Report),
    ("referto", Page::Report),
    ("laudo", Page::Report),
    ("verslag", Page::Report),
    (
        "\u{437}\u{430}\u{43A}\u{43B}\u{44E}\u{447}\u{435}\u{43D}\u{438}\u{435}",
        Page::Report,
    ),
    ("\u{62A5}\u{544A}", Page::Report),
    ("\u{5831}\u{544A}", Page::Report),
];

/// What kind of page an image may be by its header; `None` if nothing speaks for a page. To be asked
/// of objects with pixel data: a structured report is called a report too.
pub fn page(header: &Header<'_, '_>) -> Option<PageHint> {
    let modality = header.word(tags::MODALITY).to_uppercase();
    // Dose distributions and plans are not pictures of reports on dose.
    if modality.starts_with("RT") {
        return None;
    }
    conversion(header)
        .or_else(|| (modality == "DOC").then_some((Page::ScannedDocument, PageCause::Modality)))
        .or_else(|| image_type(header))
        .or_else(|| single_bit(header))
        .or_else(|| description(header))
        .or_else(|| secondary(header, &modality))
        .map(|(page, cause)| PageHint { page, cause })
}

type Found = Option<(Page, PageCause)>;

/// Conversion Type (PS3.3 C.8.6.1): scanned document, drawing, workstation.
fn conversion(header: &Header<'_, '_>) -> Found {
    let page = match header.word(tags::CONVERSION_TYPE).to_uppercase().as_str() {
        "SD" | "DRW" => Page::ScannedDocument,
        "WSD" => Page::Screenshot,
        _ => return None,
    };
    Some((page, PageCause::ConversionType))
}

fn image_type(header: &Header<'_, '_>) -> Found {
    let values: Vec<String> = header
        .words(tags::IMAGE_TYPE)
        .iter()
        .map(|value| value.to_uppercase())
        .collect();
    let held = |part: &str| values.iter().any(|value| value.contains(part));
    let page = IMAGE_TYPES.iter().find(|(part, _)| held(part))?.1;
    Some((page, PageCause::ImageType))
}

fn single_bit(header: &Header<'_, '_>) -> Found {
    let class = header.word(tags::SOP_CLASS_UID);
    let is_bit = header.number(tags::BITS_ALLOCATED) == Some(1.0);
    let is_page = class == SINGLE_BIT || (is_bit && SECONDARY_CAPTURE.contains(&class.as_ref()));
    is_page.then_some((Page::ScannedDocument, PageCause::SingleBit))
}

fn description(header: &Header<'_, '_>) -> Found {
    let texts: Vec<String> = DESCRIPTIONS
        .iter()
        .flat_map(|tag| header.words(*tag))
        .map(|text| text.to_lowercase().replace('_', " "))
        .collect();
    let stands = |phrase: &str| texts.iter().any(|text| text.contains(phrase));
    let page = PHRASES.iter().find(|(phrase, _)| stands(phrase))?.1;
    Some((page, PageCause::Description))
}

fn secondary(header: &Header<'_, '_>, modality: &str) -> Found {
    let class = header.word(tags::SOP_CLASS_UID);
    if SECONDARY_CAPTURE.contains(&class.as_ref()) {
        return Some((Page::Unspecified, PageCause::SopClass));
    }
    matches!(modality, "OT" | "HC").then_some((Page::Unspecified, PageCause::Modality))
}

#[cfg(test)]
mod tests {
    use obscura_dicom::{DataSet, Element, Syntax, VR};

    use super::*;

    fn of(elements: &[(Tag, VR, &str)]) -> Option<(Page, PageCause)> {
        let elements = elements.iter().map(|(tag, vr, text)| {
            if text.is_ascii() {
                Element::text(*tag, *vr, text)
            } else {
                Element::new(*tag, *vr, text.as_bytes().to_vec())
            }
        });
        let utf8 = Element::text(tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 192");
        let data = DataSet::from_elements(elements.chain([utf8]).collect());
        let header = Header::new(&data, &Syntax::from_uid(Syntax::EXPLICIT_LE));
        page(&header).map(|hint| (hint.page, hint.cause))
    }

    /// PS3.3 C.8.6.1.1.1 and what devices write.
    #[test]
    fn pages_are_known_by_what_their_headers_say() {
        let (cs, lo, ui) = (VR::CS, VR::LO, VR::UI);
        let class = |class| (tags::SOP_CLASS_UID, ui, class);
        for (elements, page, cause) in [
            (
                vec![(tags::CONVERSION_TYPE, cs, "SD")],
                Page::ScannedDocument,
                PageCause::ConversionType,
            ),
            (
                vec![(tags::MODALITY, cs, "DOC")],
                Page::ScannedDocument,
                PageCause::Modality,
            ),
            (
                vec![(tags::IMAGE_TYPE, cs, "DERIVED\\SECONDARY\\SCREEN SAVE")],
                Page::Screenshot,
                PageCause::ImageType,
            ),
            (
                vec![(
                    tags::IMAGE_TYPE,
                    cs,
                    "DERIVED\\SECONDARY\\OTHER\\CT_SOM5 PROT",
                )],
                Page::DoseReport,
                PageCause::ImageType,
            ),
            (
                vec![class(SINGLE_BIT)],
                Page::ScannedDocument,
                PageCause::SingleBit,
            ),
            (
                vec![(tags::SERIES_DESCRIPTION, lo, "Relat\u{F3}rio de Dose")],
                Page::DoseReport,
                PageCause::Description,
            ),
            (
                vec![class(SECONDARY_CAPTURE[4])],
                Page::Unspecified,
                PageCause::SopClass,
            ),
            (
                vec![(tags::MODALITY, cs, "OT")],
                Page::Unspecified,
                PageCause::Modality,
            ),
        ] {
            assert_eq!(of(&elements), Some((page, cause)), "{elements:?}");
        }
    }

    #[test]
    fn pictures_are_no_pages() {
        let modality = |modality| (tags::MODALITY, VR::CS, modality);
        let series = |text| (tags::SERIES_DESCRIPTION, VR::LO, text);
        assert_eq!(of(&[]), None);
        assert_eq!(
            of(&[modality("CT"), series("Thorax low dose 1.5 mm")]),
            None
        );
        assert_eq!(of(&[modality("RTDOSE"), series("dose report")]), None);
        let original = (tags::IMAGE_TYPE, VR::CS, "ORIGINAL\\PRIMARY\\AXIAL");
        assert_eq!(
            of(&[modality("MR"), original, series("T2 protocol B")]),
            None
        );
    }
}

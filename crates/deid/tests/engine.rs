//! The engine on synthetic objects of every kind: nothing planted stays, what is clinical does.

use obscura_core::{Limits, PseudonymKey, Reason};
use obscura_deid::faces::{Face, FaceCause};
use obscura_deid::plan::{Act, Plan};
use obscura_deid::policy::{Policy, Preset};
use obscura_deid::{Deidentified, Engine, PixelCleaning};
use obscura_dicom::{Charsets, DataSet, DicomFile, Element, Source, Tag, VR, Value, write_file};
use obscura_testkit::{Kind, Object, Person, Synthetic, collection};

const PRESETS: [Preset; 3] = [Preset::Basic, Preset::Research, Preset::Tcia];

fn engine(preset: Preset, seed: u8) -> Engine {
    let key = PseudonymKey::from_bytes(std::array::from_fn(|i| i as u8 ^ seed));
    Engine::new(Policy::preset(preset), &key, Limits::default())
}

fn with_file<T>(bytes: &[u8], see: impl FnOnce(DicomFile<'_>) -> T) -> T {
    let source = Source::open(bytes, &Limits::default()).expect("a file");
    see(source.parse(&Limits::default()).expect("a data set"))
}

fn deidentify(engine: &Engine, bytes: &[u8]) -> Deidentified {
    with_file(bytes, |file| {
        engine
            .deidentify(file, PixelCleaning::NotDone)
            .expect("a release")
    })
}

/// All text of an object, as a reader sees it: every value of every depth, decoded.
fn all_text(data: &DataSet<'_>, charsets: &Charsets, text: &mut String) {
    for element in data.elements() {
        match &element.value {
            Value::Bytes(bytes) if element.tag != Tag(0x7FE0, 0x0010) => {
                text.push_str(&charsets.decode_vr(element.vr, bytes));
                text.push('\n');
            }
            Value::Items(items) => {
                for item in &items.items {
                    all_text(item, &Charsets::of(item, Some(charsets)), text);
                }
            }
            _ => {}
        }
    }
}

fn text_of(bytes: &[u8]) -> String {
    with_file(bytes, |file| {
        let mut text = String::new();
        all_text(&file.meta, &Charsets::of(&file.meta, None), &mut text);
        all_text(&file.data, &Charsets::of(&file.data, None), &mut text);
        text
    })
}

#[test]
fn nothing_planted_stays_in_any_object_under_any_preset() {
    for preset in PRESETS {
        let engine = engine(preset, 0);
        for seed in 1..4 {
            for (name, object) in collection(seed) {
                let done = deidentify(&engine, &object.bytes);
                let text = text_of(&done.bytes).to_lowercase();
                for planted in &object.planted {
                    let needle = planted.text.to_lowercase();
                    // The modified dates of one object may meet another of its own dates.
                    if planted.kind == Kind::Date && preset != Preset::Basic {
                        continue;
                    }
                    assert!(
                        needle.chars().count() < 3 || !text.contains(&needle),
                        "{preset:?} {name} seed {seed}: a planted {:?} stays",
                        planted.kind
                    );
                }
            }
        }
    }
}

#[test]
fn clinical_words_stay_under_the_research_preset() {
    let engine = engine(Preset::Research, 0);
    for (name, object) in collection(5) {
        let text = text_of(&deidentify(&engine, &object.bytes).bytes);
        for phrase in &object.clinical {
            assert!(
                text.contains(phrase.as_str()),
                "{name}: the words {phrase:?} are gone"
            );
        }
    }
}

/// PS3.15 E.2: the same UID is replaced the same way everywhere, in every process, and another
/// key gives another answer.
#[test]
fn pseudonyms_depend_on_the_key_and_on_nothing_else() {
    let person = Person::from_seed(9);
    let object = Synthetic::rtstruct(&person)
        .with_nested_sequences()
        .encode();
    let (one, again) = (engine(Preset::Research, 0), engine(Preset::Research, 0));
    let other = engine(Preset::Research, 1);
    let first = deidentify(&one, &object.bytes);
    assert_eq!(first.bytes, deidentify(&again, &object.bytes).bytes);
    let second = deidentify(&other, &object.bytes);
    assert_ne!(first.place.sop, second.place.sop);
    assert_ne!(first.place.patient, second.place.patient);
    // Objects of one patient and study meet again.
    let ct = deidentify(&one, &Synthetic::ct(&person).encode().bytes);
    assert_eq!(ct.place.patient, first.place.patient);
    assert_eq!(ct.place.study, first.place.study);
}

/// PS3.10 7.1: the file meta group agrees with the data set and carries nothing over.
#[test]
fn the_meta_group_is_new_and_agrees_with_the_data_set() {
    let object = Synthetic::ct(&Person::from_seed(3))
        .with_hidden_bytes()
        .encode();
    let done = deidentify(&engine(Preset::Research, 0), &object.bytes);
    assert!(
        done.bytes[..128].iter().all(|byte| *byte == 0),
        "the preamble is empty"
    );
    with_file(&done.bytes, |file| {
        assert_eq!(file.meta.ascii(Tag(2, 3)), file.data.ascii(Tag(8, 0x18)));
        assert_eq!(file.meta.ascii(Tag(2, 2)), file.data.ascii(Tag(8, 0x16)));
        for element in [
            0x0016, 0x0017, 0x0018, 0x0026, 0x0027, 0x0028, 0x0100, 0x0102,
        ] {
            assert!(file.meta.get(Tag(2, element)).is_none());
        }
        assert!(file.trailing.is_empty());
    });
}

/// PS3.15 E.2 and PS3.3 C.12.1.1.1: the object says what was done to it, and nothing else.
#[test]
fn markers_claim_only_what_ran() {
    let object = Synthetic::us_multiframe(&Person::from_seed(3)).encode();
    for (preset, codes, temporal) in [
        (Preset::Basic, vec!["113100"], "REMOVED"),
        (
            Preset::Research,
            vec![
                "113100", "113103", "113104", "113105", "113107", "113108", "113111",
            ],
            "MODIFIED",
        ),
    ] {
        let done = deidentify(&engine(preset, 0), &object.bytes);
        with_file(&done.bytes, |file| {
            assert_eq!(file.data.ascii(Tag(0x12, 0x62)), Some("YES"));
            assert_eq!(file.data.ascii(Tag(0x28, 0x303)), Some(temporal));
            let items = file
                .data
                .get(Tag(0x12, 0x64))
                .and_then(|e| e.items())
                .unwrap();
            let found: Vec<_> = items
                .iter()
                .filter_map(|i| i.ascii(Tag(8, 0x100)))
                .collect();
            assert_eq!(found, codes);
        });
    }
}

/// The plan is the record: applying it does what it says, to the letter.
#[test]
fn the_plan_says_what_is_done() {
    let object = Synthetic::sr(&Person::from_seed(4))
        .with_private_blocks()
        .encode();
    let engine = engine(Preset::Basic, 0);
    let done = deidentify(&engine, &object.bytes);
    let planned = with_file(&object.bytes, |file| engine.plan(&file).steps().to_vec());
    assert_eq!(planned, done.plan.steps());
    with_file(&object.bytes, |file| {
        Plan::of(&file, engine.policy()).visit(&file.data, &mut |step, path, element| {
            let kept = with_file(&done.bytes, |new| {
                path.is_empty().then(|| new.data.get(element.tag).is_some())
            });
            let added = matches!(element.tag, Tag(0x0012, _) | Tag(0x0028, 0x0303));
            if let Some(kept) = kept.filter(|_| !added) {
                assert_eq!(kept, step.act != Act::Remove, "{}", element.tag);
            }
        });
    });
}

/// Truncated objects are refused or released verified; they never panic.
#[test]
fn an_object_cut_anywhere_never_panics_and_never_leaks() {
    let Object { bytes, planted, .. } = Synthetic::sr(&Person::from_seed(6))
        .with_private_blocks()
        .encode();
    let engine = engine(Preset::Research, 0);
    for end in (0..bytes.len()).step_by(3) {
        let Ok(source) = Source::open(&bytes[..end], &Limits::default()) else {
            continue;
        };
        let Ok(file) = source.parse(&Limits::default()) else {
            continue;
        };
        let Ok(done) = engine.deidentify(file, PixelCleaning::NotDone) else {
            continue;
        };
        let text = text_of(&done.bytes);
        for planted in planted
            .iter()
            .filter(|p| p.kind == Kind::Name && p.text.len() > 3)
        {
            assert!(!text.contains(&planted.text), "cut at {end}");
        }
    }
}

/// Frames that claim to be native samples are not released: their comments would pass for picture.
#[test]
fn encapsulated_frames_under_a_native_syntax_are_set_aside() {
    let mut pixels = vec![
        0xFE, 0xFF, 0x00, 0xE0, 0, 0, 0, 0, 0xFE, 0xFF, 0x00, 0xE0, 8, 0, 0, 0,
    ];
    pixels.extend_from_slice(b"\xFF\xD8\xFF\xFELee ");
    let object = Synthetic::ct(&Person::from_seed(2)).encode();
    let refused = with_file(&object.bytes, |mut file| {
        file.data
            .put(Element::new(Tag(0x7FE0, 0x0010), VR::OW, pixels));
        engine(Preset::Research, 0).deidentify(file, PixelCleaning::NotDone)
    });
    assert_eq!(
        refused.unwrap_err().reason(),
        obscura_core::Reason::Malformed
    );
}

/// A document title is a label, whatever its VR: a stranger's name in it goes, its words stay.
#[test]
fn a_title_in_a_text_vr_is_read_as_a_label() {
    let object = Synthetic::ct(&Person::from_seed(2))
        .with(Tag(0x0042, 0x0010), VR::ST, "Summary Vandermorov")
        .encode();
    let done = deidentify(&engine(Preset::Basic, 0), &object.bytes);
    with_file(&done.bytes, |file| {
        assert_eq!(file.data.ascii(Tag(0x0042, 0x0010)), Some("Summary"));
    });
}

fn head(person: &Person) -> Object {
    Synthetic::mr(person)
        .with(Tag(0x0018, 0x0015), VR::CS, "HEAD")
        .with(Tag(0x0008, 0x103E), VR::LO, "t1 mprage sag")
        .encode()
}

/// PS3.3 C.7.6.1: (0028,0302) is YES where a face can be recognised, and absent where nothing is
/// known; PS3.15 E.3.2 (113102) is never claimed, and the answer is of the header as it came.
#[test]
fn a_head_is_marked_and_anything_else_is_left_as_it_was() {
    let features = Tag(0x0028, 0x0302);
    let person = Person::from_seed(31);
    let marked = |object: &Object, preset| {
        let done = deidentify(&engine(preset, 3), &object.bytes);
        let value = with_file(&done.bytes, |file| {
            assert!(!text_of(&done.bytes).contains("113102"));
            file.data.ascii(features).map(str::to_owned)
        });
        (done.face, value)
    };
    let chest = Synthetic::ct(&person)
        .with(Tag(0x0018, 0x0015), VR::CS, "CHEST")
        .with(Tag(0x0008, 0x1030), VR::LO, "CT chest");
    for preset in PRESETS {
        let (face, value) = marked(&head(&person), preset);
        assert_eq!(face, Face::Likely(FaceCause::Head));
        assert_eq!(value.as_deref(), Some("YES"));
        let (face, value) = marked(&chest.clone().encode(), preset);
        assert_eq!((face, value), (Face::No, None));
        let stated = chest.clone().with(features, VR::CS, "NO").encode();
        assert_eq!(marked(&stated, preset).1.as_deref(), Some("NO"));
    }
}

/// A policy may set faces aside; the error names the cause and no value.
#[test]
fn faces_are_quarantined_where_the_policy_asks() {
    let text = "extends = \"research\"\n[pixels]\nfaces = \"quarantine\"";
    let policy = Policy::from_toml(text).expect("a policy");
    let key = PseudonymKey::from_bytes([7; 32]);
    let engine = Engine::new(policy, &key, Limits::default());
    let person = Person::from_seed(32);
    let refused = with_file(&head(&person).bytes, |file| {
        engine.deidentify(file, PixelCleaning::NotDone)
    });
    let error = refused.expect_err("set aside");
    assert_eq!(error.reason(), Reason::PolicyQuarantine);
    assert_eq!(
        error.to_string(),
        "the policy quarantines recognisable faces (head)"
    );
    let knee = Synthetic::mr(&person)
        .with(Tag(0x0018, 0x0015), VR::CS, "KNEE")
        .with(Tag(0x0008, 0x1030), VR::LO, "knee")
        .encode();
    assert_eq!(deidentify(&engine, &knee.bytes).face, Face::No);
}

/// PS3.10 7.1: the file meta group names the class and the instance of the data set. Where only it
/// does, the object is released under what it says; where neither does, nothing is made up.
#[test]
fn an_object_that_is_named_in_the_file_meta_group_alone_is_released() {
    const SOP_CLASS: Tag = Tag(0x0008, 0x0016);
    const SOP_INSTANCE: Tag = Tag(0x0008, 0x0018);
    let engine = engine(Preset::Research, 0);
    let object = Synthetic::mr(&Person::from_seed(5)).encode();
    let class = with_file(&object.bytes, |f| {
        f.data.ascii(SOP_CLASS).map(str::to_owned)
    });
    let original = with_file(&object.bytes, |f| {
        f.data.ascii(SOP_INSTANCE).map(str::to_owned)
    });
    let without = |keeps_meta: bool| {
        with_file(&object.bytes, |mut file| {
            file.data.remove(SOP_CLASS);
            file.data.remove(SOP_INSTANCE);
            if !keeps_meta {
                file.meta.remove(Tag(0x0002, 0x0003));
            }
            let mut bytes = Vec::new();
            write_file(&file.meta, &file.data, &file.syntax, &mut bytes);
            bytes
        })
    };
    let done = deidentify(&engine, &without(true));
    assert_eq!(done.place, deidentify(&engine, &object.bytes).place);
    with_file(&done.bytes, |file| {
        assert_eq!(file.data.ascii(SOP_CLASS).map(str::to_owned), class);
        assert_eq!(file.data.ascii(SOP_INSTANCE), Some(done.place.sop.as_str()));
    });
    let original = original.expect("an instance");
    let leaked = done
        .bytes
        .windows(original.len())
        .any(|part| part == original.as_bytes());
    assert!(!leaked);
    let refused = with_file(&without(false), |file| {
        engine.deidentify(file, PixelCleaning::NotDone).map(drop)
    });
    assert_eq!(
        refused.map_err(|error| error.reason()),
        Err(Reason::NoSopInstance)
    );
}

/// PS3.5 6.1.2.3, PS3.3 C.12.1.1.2: Patient ID is text of the declared character sets.
#[test]
fn a_patient_is_told_apart_by_the_text_of_the_id_however_it_is_encoded() {
    let engine = engine(Preset::Research, 7);
    let patient = |charset: Option<&str>, id: &[u8]| {
        let person = Person::from_seed(3);
        let mut object = Synthetic::new(&person, "1.2.840.10008.5.1.4.1.1.2", "CT").with_bytes(
            Tag(0x0010, 0x0020),
            VR::LO,
            id,
        );
        object = match charset {
            Some(term) => object.with(Tag(0x0008, 0x0005), VR::CS, term),
            None => object.without(Tag(0x0008, 0x0005)),
        };
        let bytes = object.encode().bytes;
        let released = deidentify(&engine, &bytes);
        let asked = with_file(&bytes, |file| engine.patient_id(&file));
        let written = with_file(&released.bytes, |file| {
            file.data.ascii(Tag(0x0010, 0x0020)).map(ToOwned::to_owned)
        });
        assert_eq!(written.as_deref(), Some(asked.as_str()));
        asked
    };
    let latin = patient(Some("ISO_IR 100"), b"KL\xC4R-17");
    assert_eq!(latin, patient(Some("ISO_IR 192"), "KLÄR-17".as_bytes()));
    assert_eq!(latin, patient(None, b"KL\xC4R-17"));
    assert_eq!(latin, patient(None, "KLÄR-17 ".as_bytes()));
    assert_ne!(latin, patient(Some("ISO_IR 100"), b"KL\xD6R-17"));
    assert_ne!(latin, patient(None, b"KL\xD6R-17"));
}

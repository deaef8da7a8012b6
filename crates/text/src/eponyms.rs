//! Names that stand for a thing: what the rules for names took for a person, and gives back.
//!
//! `Waldenstrom macroglobulinemia`, `Wolff-Parkinson-White`, `Fisher 3`: the word before or after
//! tells that a disease, a score or a device is meant. Only guesses are given back: a name that
//! the object states, that a title or a word for a person announces, or that credentials follow,
//! goes whatever stands beside it.

use crate::cues::{self, Cue};
use crate::kinds::{IdentifierKind, Span};
use crate::lexicon::Known;
use crate::numbers;
use crate::token::{Case, Kind};
use crate::view::View;
use crate::words::Words;

/// The rules that guess a name by its shape, by a list, or by a word before it.
const GUESSES: &[&str] = &[
    "known name",
    "given and family name",
    "announced name",
    "subject",
    "a word in no vocabulary",
    "family name, given name",
];

/// What is called after people: the word follows the name.
static HEADS: Words = Words::new(
    "syndrome syndromes disease sign signs score scores scale grade grading grades type stage \
     staging classification class criteria criterion index fracture fractures dislocation lesion \
     nodule nodules tumor tumour adenoma carcinoma sarcoma lymphoma cyst hernia malformation \
     anomaly deformity dysplasia dystrophy atrophy ataxia palsy encephalitis encephalopathy \
     thyroiditis thyroid arteritis vasculitis purpura macroglobulinemia macroglobulinaemia \
     neuropathy myopathy cardiomyopathy anemia anaemia virus bacillus contracture phenomenon \
     reflex maneuver manoeuvre test point triangle fossa space lobe ligament canal foramen duct \
     fascia pouch recess complex plexus ganglion nucleus band hump line lines angle ratio formula \
     equation method technique procedure operation repair osteotomy arthroplasty arthrodesis \
     amputation esophagectomy oesophagectomy gastrectomy hysterectomy urethroplasty pyeloplasty \
     hepatectomy cystectomy shunt prosthesis implant valve valves stent graft filter catheter tube \
     needle drain plate pin wire nail rod screw splint brace collar harness sling traction \
     bandage frame fixator transformation transform translocation mutation chromosome fat pad \
     position projection view views incision approach flap suture stitch knot stain bodies body \
     cells cell corpuscle granulation glands node nodes plaques chorea dementia aphasia seizure \
     epilepsy coma respiration murmur breathing pneumonia fistula ulcer gangrene melanoma \
     hyperplasia disorder level levels protocol regimen cage clip clamp retractor spine bumper effect law",
);

/// Heads that stand behind anybody's name: what is found, put in or looked at in a patient. Before
/// these a common family name is one of a person, unless things are called after it.
static COMMON_HEADS: Words = Words::new(
    "nodule nodules lesion lesions tumor tumour mass cyst cysts fracture fractures hernia node nodes \
     view views projection line lines tube drain stent graft catheter filter valve valves \
     implant prosthesis plate plates screw screws wire wires pin pins nail rod shunt clip cage \
     spine body bodies cells flap frame \
     adenoma carcinoma sarcoma lymphoma melanoma aneurysm ulcer fistula",
);

/// Things called after people whose family names are among the common ones.
static CALLED: Words = Words::new(
    "smith-fracture barton-fracture bennett-fracture gosselin-fracture wagstaffe-fracture \
     bosworth-fracture shepherd-fracture chance-fracture duverney-fracture walther-fracture \
     stewart-fracture holland-fracture jones-fracture denis-fracture levine-fracture \
     anderson-fracture mason-fracture allman-fracture pipkin-fracture ogden-fracture \
     peterson-fracture burgess-fracture lawrence-view dunn-view johnson-view andren-view \
     richards-view roberts-view robert-view ferguson-view harris-view law-view garth-view \
     levin-tube blake-drain pratt-drain jackson-drain salem-tube cantor-tube miller-tube \
     ender-nail enders-nail knowles-pin richards-screw richards-plate jewett-nail rush-pin rush-rod \
     moore-prosthesis austin-prosthesis thompson-prosthesis muller-prosthesis petersen-prosthesis \
     neer-prosthesis judet-prosthesis starr-valve bjork-valve carpentier-valve hancock-valve \
     houston-valve edwards-valve carpentier-ring rotter-node bouchard-node osler-node cloquet-node \
     frantz-tumor frantz-tumour brenner-tumor brenner-tumour brooke-tumor askin-tumor \
     petersen-hernia richter-hernia petit-hernia cooper-hernia perthes-lesion stener-lesion \
     cameron-ulcer cameron-lesion curling-ulcer cushing-ulcer fisher-grade fisher-score \
     fisher-stage erb-point erb-palsy murphy-point murphy-sign hampton-line harris-line mees-line \
     langer-line mcgregor-line chamberlain-line mcrae-line perkins-line klein-line skinner-line \
     beau-line kohler-line boehler-angle mayo-score mayo-repair mason-grade mason-type gordon-test \
     watson-test barlow-test ortolani-test wright-test roos-test allen-test thomas-test ely-test \
     patrick-test faber-test maddox-test schober-test simon-test speed-test mcmurray-test \
     apley-test lloyd-position sims-position fowler-position davies-position henry-approach \
     kaplan-approach gibson-approach thompson-approach moore-approach smith-approach \
     jones-approach watson-approach mcburney-point simmonds-test thompson-test wagner-grade \
     outerbridge-grade palmer-type levine-type knosp-grade simpson-grade becker-stage \
     palmer-lesion gill-body cooper-ligament weber-type anderson-type gillespie-fracture \
     woodward-procedure lawrence-grade lewis-body bence-protein jones-protein brooker-grade \
     wallace-incision langenbeck-incision gibson-incision singleton-test adams-test adson-test \
     hawkins-test hawkins-type neer-type regan-type morrey-type young-type tile-type",
);

/// Heads that make a thing even of a given and a family name: `Ivor Lewis esophagectomy`.
static SURE_HEADS: Words = Words::new(
    "syndrome classification criteria scale prosthesis procedure esophagectomy oesophagectomy \
     osteotomy arthroplasty ligament malformation harness collar maneuver manoeuvre nodule \
     palsy anomaly",
);

/// Parts of the body that are called after people with `of`.
static PARTS: Words = Words::new(
    "vein veins artery arteries arc arch arcade circle ligament tendon canal foramen fossa space \
     pouch node nodes valve valves gland glands duct ampulla sphincter nerve ganglion plexus \
     nucleus bundle band tract loop line triangle angle hiatus fissure sulcus gyrus cistern \
     aqueduct crypt crypts islets cells body bodies organ membrane capsule sinus tubercle spine \
     process recess fascia septum",
);

/// Scores and classes that a figure follows without another word: `Fisher 3`, `Pipkin III`.
static GRADED: Words = Words::new(
    "apgar arbor atlanta ballard balthazar barrow bethesda bigliani binet bishop bismuth \
     blatchford bollinger borden borrmann bormann bosniak bosworth boyd brackmann braden \
     breslow bristol brodsky brooker burgess campanacci catterall cheson chester clark clavien \
     cognard cormack corlette crawford crowe danis debakey delbet denis deauville dindo dukes \
     edmondson effendi elston enneking essex fazekas ficat fisher fontaine forrest frankel \
     frykman fuhrman garden gartland geneva ghent glasgow gleason goutallier graeb graf gustilo \
     habermeyer haggitt hamada hashimoto hawkins hedinger herring hess hinchey hohl hurley \
     ideberg isler karnofsky kellgren killip knosp koedam koos lansky lauge laugier lauren \
     lawrence lehane lenke letournel levine lodwick lugano lund mackay mackeever magerl \
     mallampati mason mayfield mayo mckeever meyerding meyers modic montreal nash neer neviaser \
     norton nottingham nyhus outerbridge paris patte pauwels pfirrmann pipkin pugh rankin \
     raymond ranson rentrop risser rockall rockwood rome russe rutherford salter sanders sarnat \
     savary schatzki schatzker schizas seddon shamblin siewert simpson spaulding spetzler \
     stanford steinberg steinbrocker stoppa strasberg stulberg sunderland sydney szabo \
     tannenbaum tanner tile todani torg tossy tscherne vancouver vienna walch weber wiltse \
     winquist yasargil zancolli zubrod",
);

/// Words after a figure that make it a time and no grade.
static TIMES: Words = Words::new(
    "day days week weeks month months year years yo y yr yrs hour hours min mins minutes x times \
     pm am tage wochen monate jahre jours semaines mois ans dias semanas meses anos",
);

/// Eponyms of two names or more, each pair of neighbours: `Ann Arbor`, `Parkinson-White`.
static PAIRS: Words = Words::new(
    "wolff-parkinson parkinson-white epstein-barr ann-arbor may-thurner hippel-lindau von-hippel \
     arnold-chiari ramsay-hunt charcot-marie marie-tooth stevens-johnson lambert-eaton \
     henoch-schonlein schonlein-henoch henoch-schoenlein churg-strauss peutz-jeghers li-fraumeni \
     birt-hogg hogg-dube beckwith-wiedemann prader-willi erdheim-chester rosai-dorfman \
     mccune-albright parkes-weber klippel-trenaunay trenaunay-weber sturge-weber landau-kleffner \
     lennox-gastaut starr-edwards austin-moore ivor-lewis mary-joseph cune-albright hawkins-kennedy \
     kellgren-lawrence raymond-roy lauge-hansen danis-weber lund-mackay lund-kennedy \
     cormack-lehane young-burgess guillain-barre miller-fisher creutzfeldt-jakob \
     gerstmann-straussler straussler-scheinker wernicke-korsakoff brown-sequard dejerine-sottas \
     dejerine-roussy foix-alajouanine foix-chavany kearns-sayre werdnig-hoffmann werdnig-hoffman \
     kugelberg-welander emery-dreifuss lhermitte-duclos hallervorden-spatz niemann-pick tay-sachs \
     lesch-nyhan maroteaux-lamy smith-lemli lemli-opitz rubinstein-taybi treacher-collins \
     pierre-robin saethre-chotzen antley-bixler holt-oram wolf-hirschhorn miller-dieker \
     walker-warburg meckel-gruber bardet-biedl laurence-moon dandy-walker shy-drager \
     steele-richardson richardson-olszewski hurler-scheie ehlers-danlos loeys-dietz \
     bannayan-riley riley-ruvalcaba riley-day muir-torre cronkhite-canada mallory-weiss \
     budd-chiari dubin-johnson crigler-najjar zollinger-ellison plummer-vinson verner-morrison \
     fitz-hugh hugh-curtis stein-leventhal mayer-rokitansky rokitansky-kuster kuster-hauser \
     sertoli-leydig denys-drash simpson-golabi golabi-behmel silver-russell hamman-rich \
     swyer-james james-macleod macleod-swyer williams-campbell mounier-kuhn pancoast-tobias \
     claude-bernard bernard-horner blalock-taussig bing-taussig taussig-bing damus-kaye \
     kaye-stansel graham-steell austin-flint lown-ganong jervell-lange lange-nielsen romano-ward \
     holmes-adie argyll-robertson adams-stokes stokes-adams cheyne-stokes hand-schuller \
     schuller-christian letterer-siwe kikuchi-fujimoto kasabach-merritt osler-weber weber-rendu \
     rendu-osler osler-rendu parry-romberg paget-schroetter legg-calve calve-perthes \
     osgood-schlatter sinding-larsen larsen-johansson hill-sachs insall-salvati caton-deschamps \
     blackburne-peel canale-kelly meyers-mckeever essex-lopresti anderson-montesano \
     levine-edwards salter-harris smith-petersen gustilo-anderson judet-letournel letournel-judet \
     tile-pennal ficat-arlet lodwick-madewell spetzler-martin lawton-young hunt-hess \
     house-brackmann gardner-robertson knosp-steiner child-pugh child-turcotte turcotte-pugh \
     clavien-dindo bismuth-corlette savary-miller rutherford-becker bland-altman bland-white \
     white-garland swan-ganz sengstaken-blakemore carr-purcell purcell-meiboom meiboom-gill \
     stejskal-tanner look-locker cockcroft-gault greulich-pyle tanner-whitehouse \
     gordon-overstreet anderson-hynes hynes-anderson lich-gregoir politano-leadbetter putti-platt \
     brostrom-gould bristow-latarjet weaver-dunn chrisman-snook sauve-kapandji vogt-koyanagi \
     koyanagi-harada gorham-stout camurati-engelmann hajdu-cheney jarcho-levin melnick-needles \
     buschke-ollendorff buschke-lowenstein langer-giedion gradenigo-lannois tolosa-hunt \
     heerfordt-waldenstrom mikulicz-radecki bonnet-dechaume wyburn-mason louis-bar nonne-milroy \
     klinefelter-reifenstein kimmelstiel-wilson lesser-trelat leser-trelat diamond-blackfan \
     bernard-soulier wiskott-aldrich chediak-higashi hermansky-pudlak eaton-lambert van-nuys \
     scarff-bloom bloom-richardson astler-coller gianotti-crosti hailey-hailey weber-christian \
     sjogren-larsson bourneville-pringle cornelia-lange bannayan-zonana hughes-stovin",
);

/// Words that people are called, where the one behind them makes a term of both: `Stan po urazie`.
static PHRASES: Words =
    Words::new("zimmer-biomet stan-po jama-brzuszna jamy-brzusznej porta-hepatis");

/// Takes the names of things out of what was found.
pub(crate) fn spare(view: &View<'_>, spans: &mut Vec<Span>) {
    spans.retain(|span| !is_thing(view, span));
}

/// Whether a guessed name is that of a thing.
fn is_thing(view: &View<'_>, span: &Span) -> bool {
    if span.kind != IdentifierKind::PersonName || !GUESSES.contains(&span.rule) {
        return false;
    }
    let from = view.tokens.partition_point(|t| t.end <= span.start);
    let to = view.tokens.partition_point(|t| t.start < span.end);
    let cue = view
        .index_before(from)
        .and_then(|at| cues::cue_at(view, at))
        .unwrap_or(Cue::Weak);
    let paired = in_pair(view, from, to);
    let first = view.folded(from);
    let second = view.folded(from + 2);
    if cue != Cue::Title
        && first.len() + second.len() < 32
        && PHRASES.has(&[first, "-", second].concat())
    {
        return true;
    }
    match cue {
        Cue::Title => false,
        Cue::Person => {
            let next = after(view, to) + 1;
            let headed = head_after(view, to, &SURE_HEADS) || head_after(view, next, &SURE_HEADS);
            paired && (hyphenated(view, from, to) || headed)
        }
        Cue::Weak => {
            paired
                || before_head(view, from, to)
                || graded(view, from, to)
                || part_of_body(view, from)
                || month_of_setting(view, from, to)
        }
    }
}

/// The word before or after a token, over one blank, hyphen or dash.
fn neighbour(view: &View<'_>, at: usize, step: isize) -> Option<usize> {
    let between = at.checked_add_signed(step)?;
    let joint = view.kind(between) == Some(Kind::Space) && view.tokens[between].len() == 1
        || view.mark(between) == Some(b'-')
        || view
            .token(between)
            .is_some_and(|t| matches!(t.text(view.text), "\u{2010}" | "\u{2011}" | "\u{2013}"));
    let other = between.checked_add_signed(step)?;
    (joint && view.kind(other) == Some(Kind::Word)).then_some(other)
}

/// One of the words is a half of an eponym of two names, the other half beside it.
fn in_pair(view: &View<'_>, from: usize, to: usize) -> bool {
    let capital = |at: usize| matches!(view.case(at), Case::Title | Case::Upper);
    let pair = |first: usize, second: usize| {
        let (one, two) = (view.folded(first), view.folded(second));
        one.len() + two.len() < 32 && capital(second) && PAIRS.has(&[one, "-", two].concat())
    };
    (from..to)
        .filter(|at| view.kind(*at) == Some(Kind::Word))
        .any(|at| {
            neighbour(view, at, -1).is_some_and(|before| pair(before, at))
                || neighbour(view, at, 1).is_some_and(|after| pair(at, after))
        })
}

/// A hyphen stands inside what was found, or directly beside it.
fn hyphenated(view: &View<'_>, from: usize, to: usize) -> bool {
    (from.saturating_sub(1)..=to).any(|at| view.mark(at) == Some(b'-'))
}

/// The index of what follows, past `'s` and a blank or a hyphen.
fn after(view: &View<'_>, to: usize) -> usize {
    let mark = view
        .token(to)
        .is_some_and(|t| matches!(t.text(view.text), "'" | "\u{2019}"));
    let to = if mark && view.folded(to + 1) == "s" {
        to + 2
    } else {
        to
    };
    to + usize::from(view.kind(to) == Some(Kind::Space) || view.mark(to) == Some(b'-'))
}

/// A word for a thing follows, in the way of writing of the text.
fn head_after(view: &View<'_>, to: usize, heads: &Words) -> bool {
    let next = after(view, to);
    heads.has(view.folded(next))
}

/// `Rasmussen encephalitis`; `Ramsay Hunt syndrome`, where `Ramsay` alone was found.
fn before_head(view: &View<'_>, from: usize, to: usize) -> bool {
    let blank = (from..to).any(|at| {
        matches!(view.kind(at), Some(Kind::Space | Kind::Newline))
            || matches!(view.mark(at), Some(b',' | b'.' | b'^'))
    });
    if blank {
        return head_after(view, to, &SURE_HEADS);
    }
    // `Maria Lopez lesion`: a given name before it makes a person of it.
    let given = neighbour(view, from, -1)
        .is_some_and(|at| view.class(at).given == Known::Common && !view.class(at).is_word());
    if given {
        return false;
    }
    // `McMurray and Lachman tests`
    let and = after(view, to);
    let both = matches!(view.folded(and), "and" | "or")
        && view.kind(and + 2) == Some(Kind::Word)
        && view.kind(and + 3) == Some(Kind::Space);
    let one = view.folded(and + 4).strip_suffix('s');
    if both && one.is_some_and(|head| HEADS.has(head)) {
        return true;
    }
    if head_after(view, to, &HEADS) {
        return to != from + 1 || !of_anybody(view, from, to);
    }
    let next = after(view, to);
    let joined = next > to && view.class(next).eponym;
    joined
        && (view.mark(to) == Some(b'-') && view.class(next).surname < Known::Common
            || head_after(view, next + 1, &HEADS))
        || to == from + 1
            && view.mark(from.wrapping_sub(1)) == Some(b'-')
            && from > 1
            && view.class(from - 2).eponym
            && view.class(from - 2).surname < Known::Common
}

/// `Nguyen nodule`, `Smith lesion`: a common family name that no thing is called after, before what
/// anybody may have.
pub(crate) fn of_anybody(view: &View<'_>, name: usize, to: usize) -> bool {
    let head = view.folded(after(view, to));
    let class = view.class(name);
    let family = class.surname == Known::Common && !class.eponym && !class.is_word();
    let one = head.strip_suffix('s').unwrap_or(head);
    let called = |head: &str| {
        let word = view.folded(name);
        word.len() + head.len() < 31 && CALLED.has(&[word, "-", head].concat())
    };
    family
        && to == name + 1
        && COMMON_HEADS.has(head)
        && !called(head)
        && !called(one)
        && view.mark(to) != Some(b'-')
}

/// `vein of Labbe`, `arc of Riolan`.
fn part_of_body(view: &View<'_>, from: usize) -> bool {
    view.index_before(from).is_some_and(|of| {
        matches!(view.folded(of), "of" | "de" | "di" | "von") && PARTS.has(view.word_before(of))
    })
}

/// `Sep 3 mm`: an abbreviation that people are called too, before a measurement.
fn month_of_setting(view: &View<'_>, from: usize, to: usize) -> bool {
    let number = after(view, to);
    to == from + 1
        && view.tokens[from].len() <= 3
        && view.kind(number) == Some(Kind::Number)
        && numbers::followed_by_unit(view, number + 1)
}

/// `Fisher 3`, `Borden II`, `Mason-2`: a score and its figure.
fn graded(view: &View<'_>, from: usize, to: usize) -> bool {
    let name = view.kind(to - 1) == Some(Kind::Word) && GRADED.has(view.folded(to - 1));
    let whole = (from..to).all(|at| view.kind(at) != Some(Kind::Space));
    let mut next = after(view, to);
    if view.mark(next) == Some(b':') || view.mark(next) == Some(b'(') {
        next = after(view, next + 1);
    }
    let roman = matches!(view.folded(next), "i" | "ii" | "iii" | "iv" | "v" | "vi")
        && view.case(next) == Case::Upper
        && view.folded(next + 2) != "iv";
    let digit = view
        .number(next)
        .is_some_and(|(n, digits)| digits <= 2 && n <= 30);
    let then = next + 1 + usize::from(view.kind(next + 1) == Some(Kind::Space));
    let date = matches!(view.mark(next + 1), Some(b'/' | b'.' | b'-' | b':'))
        && view.kind(next + 2) == Some(Kind::Number);
    name && whole && next > to && (roman || digit) && !date && !TIMES.has(view.folded(then))
}

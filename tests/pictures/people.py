"""Invented people, places and numbers, in several scripts, and the strings devices draw of them."""

SURNAMES = {
    "Latn": """Aldershaw Quillmore Brannock Thistlewood Penhallow Okonjo Adeyinka Mbekwa Haugland Lindqvist
        Sorensen Vaskivi Kowalczuk Novotny Horvathy Szabolcsi Ionesceanu Dimitrescu Moreau-Petit Lefebvrier
        Desrosiers Garcilaso Echevarria Villanueva Montalban Ferreirinha Guimarao Castagnoli Bellandini
        Esposti Muellerson Schoenfelder Grossjohann Vandermeer Dijkgraaf Yildizhan Karadenizli Nguyen-Thi
        Tranvo Rahmanov Chaudhury Iyerwal Subramanyan Bhattarai Wijesekara Tanagawa Parkson Oyelaran
        Fitzgibbon McAllistair O'Rourkeley Ashgrove Underhay Wexcombe Yarborough Zielonka Zubkovic""",
    "Cyrl": "Берёзкин Черновалов Дубравина Ефимчук Жаровский Зимогорова Калинчев Лесоруб Мирославская Огнев Пахомчик Шевчучко Юркевин Громыхина Стоянович",
    "Grek": "Παπαδάκογλου Γεωργιλάς Νικολετάκη Σταματίδου Καραλέξης Βλαχόπουλος Μαυροκέφαλος Ζερβουλάκη Φωτεινάκης Ανδριτσόπουλος",
    "Hans": "王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 欧阳 司马",
    "Jpan": "佐藤 鈴木 高橋 渡辺 伊藤 山本 中村 小林 加藤 吉田 松本 井上 斎藤 長谷川",
    "Kore": "김 이 박 최 정 강 조 윤 장 임 한 오",
    "Arab": "الحسنواي العبدلي المنصورية الزهراوي القحطاوي الشمراني البغدادلي الخطيبي النجارين الحدادي",
    "Hebr": "כהנוביץ לוינסון מזרחיאן פרידמנר אברהמוף ביטונאל דהרי אזולאי שפיראן גולדנברג",
}
GIVEN = {
    "Latn": """Edmund Harriet Oluwaseun Ingrid Matthias Zsofia Giulietta Rodrigo Amelie Priyanka Kaito Thuy
        Marguerite Bartholomew Nadezhda Ilse Fatoumata Emre Saoirse Wilhelmina Joaquin Beatrix Tomasz Anneke
        Lucretia Percival Yewande Sanjay Xiomara Gwendolyn""",
    "Cyrl": "Аркадий Валентина Георгий Екатерина Зинаида Игорь Ксения Людмила Никита Оксана Павел Тамара",
    "Grek": "Αλέξανδρος Βασιλική Γεώργιος Δήμητρα Ελένη Κωνσταντίνος Μαρία Σπυρίδων Χρυσάνθη",
    "Hans": "建国 秀英 志强 丽华 晓明 桂芳 海涛 美玲 文博 雪梅 天佑",
    "Jpan": "太郎 花子 健一 美咲 直樹 裕子 大輔 久美子 翔太 恵",
    "Kore": "민준 서연 지훈 하은 영수 미경 도윤 수빈 정희 상철",
    "Arab": "عبدالرحمن فاطمة خالد مريم يوسف ليلى إبراهيم زينب سلمان نورة",
    "Hebr": "אברהם שרה יעקב רבקה דוד מרים יהונתן תמר אליהו נעמי",
}
HOSPITALS = {
    "Latn": ["ST ALBRIC HOSPITAL", "Mercyfield General", "Klinikum Nordwalde", "CHU Valmorel", "Hosp. Sta. Eulalia", "WESTMOOR NHS TRUST", "Ospedale San Corvino", "Lakeshire Medical Ctr", "UZ Oosterveld", "RIVERBEND IMAGING"],
    "Cyrl": ["Больница №17", "Клиника Заречная", "ГКБ им. Лунина"], "Grek": ["Νοσοκομείο Αγ. Λουκά", "Κλινική Θαλασσινή"],
    "Hans": ["东湖人民医院", "明德医院放射科", "青山中心医院"], "Jpan": ["青葉中央病院", "みなと総合病院", "白樺医院"],
    "Kore": ["한빛대학병원", "푸른의료원", "서강병원"], "Arab": ["مستشفى النخيل", "عيادة الواحة"], "Hebr": ["בית חולים הכרמלית", "מרפאת הגליל"],
}
LABELS = {
    "Latn": [("Name: ", "DOB: ", "MRN "), ("", "*", "ID "), ("Pat. ", "geb. ", "Nr. "), ("NOM ", "NE LE ", "IPP "), ("PATIENT: ", "D.O.B. ", "ID# "), ("", "", "")],
    "Cyrl": [("Пациент: ", "Д.р. ", "№ "), ("", "", "ИБ ")], "Grek": [("Ασθενής: ", "Γέν. ", "ΑΜ ")], "Hans": [("姓名:", "出生日期:", "病历号:"), ("", "生日", "编号")],
    "Jpan": [("氏名 ", "生年月日 ", "患者番号 "), ("", "", "ID ")], "Kore": [("성명 ", "생년월일 ", "등록번호 ")], "Arab": [("", "", "")], "Hebr": [("שם: ", "ת.ל. ", "ת.ז. ")],
}
MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()

# What may stay: side markers, machine settings, measures.
MARKS = {
    "side": ["L", "R", "LT", "RT", "PA", "AP", "LAT", "L CC", "R MLO", "A", "P", "H", "F", "SUPINE", "ERECT"],
    "setting": ["3.5 MHz", "kVp 110", "mA 250", "120 kV", "TE 90", "TR 4500", "W 400 L 40", "WW 350 WL 50", "SL 5.0 mm", "FOV 240 mm", "Zoom 1.2"],
    "us": ["DEPTH 15 cm", "MI 0.9 TIS 0.4", "Gain 60 dB", "3.5 MHz", "PRF 1.4 kHz", "FR 32 Hz", "DR 66 dB", "MI 1.2", "TIS 0.6", "C5-2", "WF 120 Hz", "Fr 24/60"],
    "scale": ["0", "5", "10", "15", "20", "100", "5 cm", "10 cm", "50 %"],
}


class Person:
    """One patient with all that a picture may say of them."""

    def __init__(self, rng, script="Latn"):
        def one(items):
            items = items.split() if isinstance(items, str) else items
            return items[int(rng.integers(len(items)))]
        self.script = script
        self.surname, self.given = one(SURNAMES[script]), one(GIVEN[script])
        self.born = (int(rng.integers(1930, 2016)), int(rng.integers(1, 13)), int(rng.integers(1, 29)))
        self.seen = (int(rng.integers(2009, 2026)), int(rng.integers(1, 13)), int(rng.integers(1, 29)))
        self.time = (int(rng.integers(24)), int(rng.integers(60)), int(rng.integers(60)))
        self.mrn = "".join(map(str, rng.integers(0, 10, int(rng.integers(6, 10)))))
        if rng.random() < .3:
            self.mrn = one(list("ABDEHKMPRTX")) + self.mrn
        self.accession = one(["A", "ACC", "RX", "U", "2024-", ""]) + "".join(map(str, rng.integers(0, 10, int(rng.integers(6, 9)))))
        self.hospital = one(HOSPITALS[script])
        self.doctor = one(SURNAMES[script if script != "Hans" else "Latn"])
        self.sex = one(["M", "F"])
        self.labels = one(LABELS[script])
        self.styles = rng.integers(0, 6, 4)

    @property
    def initials(self):
        return self.given[0] + self.surname[0]

    @property
    def dicom_name(self):
        return f"{self.surname}^{self.given}"

    def name(self):
        s, g = self.surname, self.given
        if self.script in ("Hans", "Kore"):
            return s + g
        if self.script == "Jpan":
            return f"{s} {g}" if self.styles[0] % 2 else s + g
        if self.script in ("Arab", "Hebr"):
            return f"{g} {s}"
        return [f"{s.upper()}, {g.upper()}", f"{g} {s}", f"{s}, {g}", f"{s.upper()} {g}", f"{s.upper()}^{g.upper()}", f"{g[0]}. {s}"][self.styles[0]]

    def date(self, day, style=None):
        y, m, d = day
        style = self.styles[1] if style is None else style
        if self.script in ("Hans", "Jpan"):
            return f"{y}年{m}月{d}日" if style < 3 else f"{y}/{m:02}/{d:02}"
        return [f"{d:02}/{m:02}/{y}", f"{y}-{m:02}-{d:02}", f"{d:02}.{m:02}.{y}", f"{d:02}-{MONTHS[m - 1]}-{y}", f"{y}{m:02}{d:02}", f"{m}/{d}/{y % 100:02}"][style]

    def clock(self):
        return "%02d:%02d:%02d" % self.time if self.styles[2] % 2 else "%02d:%02d" % self.time[:2]

    def strings(self):
        """The identifying strings a device may draw, in the order of how often it does."""
        n, b, i = self.labels
        doctor = {"Latn": "Dr. ", "Hans": "Dr. ", "Cyrl": "Врач ", "Grek": "Δρ. ", "Jpan": "医師 ", "Kore": "의사 ", "Arab": "د. ", "Hebr": "ד״ר "}[self.script]
        return [n + self.name(), i + self.mrn, b + self.date(self.born), self.date(self.seen) + (" " + self.clock() if self.styles[3] % 2 else ""),
                self.hospital, ("Acc " if self.styles[3] < 3 and self.script == "Latn" else "") + self.accession, doctor + self.doctor, self.name()]

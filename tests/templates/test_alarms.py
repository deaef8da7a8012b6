"""The alarms: all fifteen of the CIS benchmark by its own text, the pipeline's own, each with a runbook."""

import re
import unittest

import contract
import flat
from settings import EVERYTHING
from test_promises import text

RUNBOOKS = flat.ROOT / "docs" / "runbooks"
SECTIONS = ["What it means", "First five minutes", "False or true", "Repair", "Whom to tell"]


def squeezed(pattern):
    return re.sub(r"\s+", "", pattern)


def tenth(product):
    """A number, or a product of two in parentheses."""
    numbers = [int(number) for number in re.findall(r"\d+", product)]
    return numbers[0] * numbers[1] if len(numbers) == 2 else numbers[0]


class Alarms(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.template = flat.expand(flat.flatten(EVERYTHING))
        resources = cls.template["Resources"].values()
        cls.alarms = [r["Properties"] for r in resources if r["Type"] == "AWS::CloudWatch::Alarm"]
        cls.filters = [r["Properties"] for r in resources if r["Type"] == "AWS::Logs::MetricFilter"]

    def pattern(self, number):
        """The filter behind the alarm of one control of the benchmark."""
        (alarm,) = [a for a in self.alarms if f"CIS AWS Foundations {number}:" in a["AlarmDescription"]]
        (one,) = [f for f in self.filters if f["MetricTransformations"][0]["MetricName"] == alarm["MetricName"]]
        return text(one["FilterPattern"])

    def test_all_fifteen_are_there(self):
        numbers = sorted(re.findall(r"CIS AWS Foundations 4\.(\d+):", " ".join(a["AlarmDescription"] for a in self.alarms)), key=int)
        self.assertEqual(numbers, [str(n) for n in range(1, 16)])

    def test_lists_of_events_are_those_of_the_benchmark(self):
        for number, events in contract.CIS.items():
            with self.subTest(control=number):
                found = re.findall(r"\$\.eventName\s*=\s*\"?(\w+)", self.pattern(number))
                self.assertEqual(len(found), len(set(found)))
                self.assertEqual(set(found), set(events.split()) | contract.CIS_MORE.get(number, set()))
                source = re.findall(r"\$\.eventSource\s*=\s*\"?([\w.]+)", self.pattern(number))
                self.assertEqual(source, [contract.CIS_SOURCES[number]] if number in contract.CIS_SOURCES else [])

    def test_other_patterns_are_word_for_word(self):
        for number, pattern in contract.CIS_WHOLE.items():
            self.assertEqual(squeezed(self.pattern(number)), squeezed(pattern), number)

    def test_parentheses_close(self):
        for one in self.filters:
            pattern = text(one["FilterPattern"])
            self.assertEqual(pattern.count("("), pattern.count(")"), pattern)
            self.assertTrue(pattern.startswith("{") and pattern.endswith("}"), pattern)

    def test_patterns_fit(self):
        """CloudWatch takes 1,024 characters; names of resources become ARNs and bucket names."""
        for one in self.filters:
            longest = re.sub(r"<Keys[^>]*>", "x" * 80, text(one["FilterPattern"]))
            longest = re.sub(r"<Buckets[^>]*>", "x" * 63, longest).replace("obscura-upload", "x" * 27)
            self.assertLessEqual(len(longest), 1024, one["MetricTransformations"][0]["MetricName"])

    def test_each_filter_has_its_alarm(self):
        for one in self.filters:
            (metric,) = one["MetricTransformations"]
            matching = [a for a in self.alarms if a.get("MetricName") == metric["MetricName"]
                        and a.get("Namespace") == metric["MetricNamespace"]]
            self.assertEqual(len(matching), 1, metric["MetricName"])

    def test_the_pipelines_own_alarms_are_there(self):
        names = {a["AlarmName"].removeprefix("obscura-") for a in self.alarms}
        self.assertLessEqual({
            "quarantine-rate", "residual-hit", "intake-dead-letters", "release-dead-letters", "sweep-dead-letters",
            "function-errors", "function-throttles", "function-duration", "old-original", "sweep-silent",
            "our-key-touched", "our-buckets-refused", "upload-from-outside",
        }, names)

    def test_the_alarm_on_long_runs_knows_each_limit(self):
        (alarm,) = [a for a in self.alarms if a["AlarmName"].endswith("function-duration")]
        (share,) = [m["Expression"] for m in alarm["Metrics"] if "Expression" in m]
        tenths = {name: tenth(limit) for name, limit in re.findall(r"FILL\((\w+), 0\) / (\d+|\(\d+ \* 10\))", text(share))}
        functions = [r["Properties"] for r in self.template["Resources"].values() if r["Type"] == "AWS::Lambda::Function"]
        # Milliseconds of a run by a tenth of its limit's are a share in percent.
        self.assertEqual(tenths, {text(f["FunctionName"]).removeprefix("obscura-"): f["Timeout"] * 10 for f in functions})

    def test_an_original_older_than_a_day_rings(self):
        (alarm,) = [a for a in self.alarms if a["AlarmName"].endswith("old-original")]
        self.assertEqual(alarm["Threshold"], 24 * 3600)
        self.assertEqual({d["Name"]: d["Value"] for d in alarm["Dimensions"]}, {"Stack": "obscura", "Bucket": "intake"})

    def test_each_alarm_links_a_runbook_that_is_there(self):
        linked = set()
        for alarm in self.alarms:
            link = re.search(r"Runbook: docs/runbooks/([a-z-]+)\.md$", alarm["AlarmDescription"])
            self.assertIsNotNone(link, alarm["AlarmName"])
            linked.add(link.group(1))
            self.assertTrue((RUNBOOKS / f"{link.group(1)}.md").is_file(), link.group(1))
            # The alarm is called as its runbook is.
            self.assertEqual(alarm["AlarmName"], f"obscura-{link.group(1)}")
        rules = re.findall(r"docs/runbooks/([a-z-]+)\.md", text({"Fn::Sub": str(self.template)}))
        there = {file.stem for file in RUNBOOKS.glob("*.md")} - {"README"}
        self.assertEqual(there, linked | set(rules), "runbooks that nothing links to")

    def test_each_runbook_says_what_it_has_to(self):
        for file in RUNBOOKS.glob("*.md"):
            if file.stem == "README":
                continue
            words = file.read_text(encoding="utf-8")
            with self.subTest(runbook=file.stem):
                self.assertEqual(re.findall(r"^## (.+)$", words, re.M), SECTIONS)


if __name__ == "__main__":
    unittest.main()

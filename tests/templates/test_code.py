"""The functions' code and the templates say the same: variables, metrics, binaries."""

import re
import tomllib
import unittest

import contract
import flat
from settings import EVERYTHING

ENVIRONMENT = flat.ROOT / "crates" / "lambda-kit" / "src" / "environment.rs"
FUNCTIONS = flat.ROOT / "functions"


@unittest.skipUnless(ENVIRONMENT.is_file(), "crates/lambda-kit is not here yet")
class Code(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.template = flat.expand(flat.flatten(EVERYTHING))
        sources = [*FUNCTIONS.rglob("*.rs"), *(flat.ROOT / "crates" / "lambda-kit").rglob("*.rs")]
        cls.code = "\n".join(file.read_text(encoding="utf-8") for file in sources)

    def test_variables_are_those_that_are_declared(self):
        declared = set(re.findall(r'"(OBSCURA_[A-Z_0-9]+)"', ENVIRONMENT.read_text(encoding="utf-8")))
        given = contract.COMMON.union(*contract.VARIABLES.values())
        # An emulator's own.
        self.assertEqual(declared - {"OBSCURA_S3_PATH_STYLE"}, given)

    def test_metrics_of_alarms_and_of_the_dashboard_are_told_by_the_code(self):
        names = set()
        for resource in self.template["Resources"].values():
            properties = resource.get("Properties", {})
            if resource["Type"] == "AWS::CloudWatch::Alarm":
                metrics = [properties, *(m.get("MetricStat", {}).get("Metric", {}) for m in properties.get("Metrics", []))]
                names |= {m["MetricName"] for m in metrics if m.get("Namespace") == "Obscura"}
            if resource["Type"] == "AWS::CloudWatch::Dashboard":
                words = re.findall(r'\["(?:Obscura|\.)", "([A-Z]\w+)", "(?:Stack|\.)"', str(properties["DashboardBody"]))
                names |= {word for word in words if word not in ("Errors", "Throttles", "Count")}
        self.assertGreater(len(names), 5)
        for name in names:
            self.assertIn(f'"{name}"', self.code, "no code tells of it: the alarm would never ring")

    def test_no_setting_lets_a_job_be_larger_than_its_answer_may_be(self):
        source = (flat.ROOT / "crates" / "pipeline" / "src" / "flow" / "upload.rs").read_text(encoding="utf-8")
        (most,) = re.findall(r"const MAX_REQUESTS: usize = (\d+);", source)
        # Each signed request of the answer has up to 2.5 kB, with the token of the function's role.
        self.assertLessEqual(int(most) * 2_500, 6 * 1024 * 1024)
        for template in ("template.yaml", "infra/functions.yaml"):
            self.assertEqual(flat.load(flat.ROOT / template)["Parameters"]["MaxFiles"]["MaxValue"], int(most))

    def test_each_function_is_a_package_with_a_binary_of_its_name(self):
        for name in contract.FUNCTIONS:
            manifest = tomllib.loads((FUNCTIONS / name / "Cargo.toml").read_text(encoding="utf-8"))
            self.assertEqual(manifest["package"]["name"], f"obscura-fn-{name}")


if __name__ == "__main__":
    unittest.main()

"""cfn-guard: the templates keep every rule, and every rule can be broken."""

import copy
import os
import tempfile
import unittest

import flat
import guard
from mutations import MUTATIONS
from settings import EVERYTHING, SETTINGS

TOOLS = os.environ.get("OBSCURA_TOOLS") or tempfile.gettempdir()


class Guard(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.program = guard.binary(TOOLS)
        cls.everything = flat.expand(flat.flatten(EVERYTHING))
        cls.work = tempfile.TemporaryDirectory()

    @classmethod
    def tearDownClass(cls):
        cls.work.cleanup()

    def validate(self, template, rules_from=guard.RULES):
        return guard.validate(self.program, template, self.work.name, rules_from)

    def test_every_rule_is_kept_in_every_setting(self):
        for name, parameters in SETTINGS.items():
            with self.subTest(setting=name):
                broken, _ = self.validate(flat.expand(flat.flatten(parameters)))
                self.assertEqual(broken, [])

    def test_every_rule_applies_to_something(self):
        _, kept = self.validate(self.everything)
        self.assertEqual(set(guard.rules()) - set(kept), set(), "rules that apply to nothing")

    def test_every_rule_can_be_broken(self):
        self.assertEqual(set(MUTATIONS), set(guard.rules()))
        for rule, change in MUTATIONS.items():
            with self.subTest(rule=rule):
                template = copy.deepcopy(self.everything)
                change(template)
                broken, _ = self.validate(template, guard.rules()[rule])
                self.assertIn(rule, broken)

    def test_every_suppression_names_a_rule_and_a_reason(self):
        for name, resource in self.everything["Resources"].items():
            metadata = resource.get("Metadata", {})
            for rule, reason in metadata.get("obscura", {}).get("suppress", {}).items():
                with self.subTest(resource=name, rule=rule):
                    self.assertIn(rule, [*guard.rules(), "no_wildcard_resources"])
                    self.assertGreater(len(reason.split()), 5)
            for skip in metadata.get("checkov", {}).get("skip", []):
                with self.subTest(resource=name, check=skip["id"]):
                    self.assertGreater(len(skip["comment"].split()), 5)


if __name__ == "__main__":
    unittest.main()

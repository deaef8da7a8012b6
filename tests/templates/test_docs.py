"""The documents say what the templates have: every parameter with its default, every promise with its proof."""

import re
import unittest

import flat

DOCS = flat.ROOT / "docs"


class Docs(unittest.TestCase):
    def test_every_parameter_is_in_the_tables_with_its_default(self):
        text = (DOCS / "deploy.md").read_text(encoding="utf-8")
        rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", text, re.M))
        parameters = flat.load(flat.ROOT / "template.yaml")["Parameters"]
        self.assertEqual(set(rows), set(parameters))
        for name, parameter in parameters.items():
            with self.subTest(parameter=name):
                default = str(parameter["Default"])
                self.assertIn("Description", parameter)
                said = {"": ("none", "any")}.get(default, (default,))
                if name != "ConformancePack":
                    self.assertTrue(any(word in rows[name] for word in said), (default, rows[name]))

    def test_files_that_the_security_page_names_are_there(self):
        text = (DOCS / "security.md").read_text(encoding="utf-8")
        named = set(re.findall(r"`((?:infra|tests|crates|functions|docs|cli)/[\w./-]+)`", text))
        self.assertGreater(len(named), 8)
        for name in named:
            self.assertTrue((flat.ROOT / name).exists(), name)

    def test_every_rule_of_guard_is_on_the_security_page(self):
        import guard

        text = (DOCS / "security.md").read_text(encoding="utf-8")
        for rule in guard.rules():
            self.assertIn(f"`{rule}`", text)


if __name__ == "__main__":
    unittest.main()

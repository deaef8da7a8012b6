"""The recorded events: what AWS sends, invented throughout, each told of in the list."""

import hashlib
import json
import re
import unittest

from flat import ROOT

EVENTS = ROOT / "events"


class Events(unittest.TestCase):
    def test_each_is_json_and_in_the_list(self):
        listed = (EVENTS / "README.md").read_text(encoding="utf-8")
        names = {file.stem for file in EVENTS.glob("*.json")}
        self.assertGreater(len(names), 20)
        for name in names:
            with self.subTest(event=name):
                json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
                self.assertTrue(f"`{name}`" in listed or name.startswith("malformed-"))

    def test_messages_have_the_form_of_sqs(self):
        for file in EVENTS.glob("*.json"):
            event = json.loads(file.read_text(encoding="utf-8"))
            for message in event.get("Records", []):
                with self.subTest(event=file.stem):
                    self.assertEqual(message["eventSource"], "aws:sqs")
                    self.assertEqual(message["md5OfBody"], hashlib.md5(message["body"].encode()).hexdigest())

    def test_keys_are_those_of_the_contract_or_meant_not_to_be(self):
        form = re.compile(r"(intake/[a-z0-9-]{1,32}/[0-9a-f]{32}/[0-9a-f]{32}|release/[a-z0-9-]{1,32}/[0-9a-f]{32}/[0-9a-f]{32}\.json)")
        strange = {"intake-encoded-key", "malformed-key-of-another-form", "malformed-record-without-key"}
        for file in EVENTS.glob("*.json"):
            keys = re.findall(r'\\"key\\":\\"([^"]*)\\"', file.read_text(encoding="utf-8"))
            for key in keys:
                self.assertEqual(bool(form.fullmatch(key)), file.stem not in strange, (file.stem, key))

    def test_nothing_in_them_is_real(self):
        for file in EVENTS.glob("*.json"):
            words = file.read_text(encoding="utf-8")
            accounts = set(re.findall(r"(?<![-0-9a-f])\d{12}(?![0-9a-f])", words)) - {"123456789012"}
            self.assertEqual(accounts, set(), file.stem)
            for address in re.findall(r"\b\d+\.\d+\.\d+\.\d+\b", words):
                self.assertTrue(address.startswith("192.0.2."), address)


if __name__ == "__main__":
    unittest.main()

"""The settings of the parameters with which the templates are checked."""

import tomllib

from flat import ROOT


def _of_samconfig(stage):
    config = tomllib.loads((ROOT / "samconfig.toml").read_text(encoding="utf-8"))
    overrides = config[stage]["deploy"]["parameters"]["parameter_overrides"]
    return dict(override.split("=", 1) for override in overrides)


# Everything that can be switched on.
EVERYTHING = {
    "Network": "yes",
    "GuardDuty": "yes",
    "MalwareProtection": "yes",
    "Config": "yes",
    "SecurityHub": "yes",
    "AlarmEmail": "security@example.org",
    "AllowedOrigin": "https://pacs.example.org",
    "UploadNetworks": "192.0.2.0/24,2001:db8::/32",
}

SETTINGS = {
    "default": {},
    "everything": EVERYTHING,
    "dev": _of_samconfig("dev"),
    "prod": _of_samconfig("prod"),
    "without-trail": {"Trail": "no", "GuardDuty": "yes"},
    "keeping": {"CleanRetentionHours": "0", "CleanLifecycleDays": "0"},
}

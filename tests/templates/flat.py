"""The deployed templates as one template without conditions, for given parameters.

CloudFormation deploys `template.yaml` as stacks inside a stack. Tools that look at one file at a time do
not see what goes from one into another, and the emulator of the tests wants one template. `flatten`
gives what a deployment with certain parameters would make: nested stacks taken in under prefixed names,
parameters put in, conditions decided. `expand` has the SAM translator turn functions into resources.
"""

import copy
import json
import logging
import os
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
PSEUDO = "AWS::"
NOTHING = {"Ref": "AWS::NoValue"}


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """YAML with CloudFormation's short forms."""


def _short_form(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix in ("Ref", "Condition"):
        return {suffix: value}
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_form)


def load(path):
    """A template as it is written, short forms made long."""
    with open(path, encoding="utf-8") as file:
        return yaml.load(file, Loader=_Loader)


def defaults(template):
    """The parameters' defaults, by name."""
    return {
        name: parameter["Default"]
        for name, parameter in template.get("Parameters", {}).items()
        if "Default" in parameter
    }


class _Scope:
    """One template with the values of its parameters."""

    def __init__(self, template, values, prefix):
        self.template = template
        self.prefix = prefix
        self.values = {**defaults(template), **values}
        missing = set(template.get("Parameters", {})) - set(self.values)
        unknown = set(self.values) - set(template.get("Parameters", {}))
        if missing or unknown:
            raise ValueError(f"{prefix or 'root'}: parameters missing {missing}, unknown {unknown}")
        self.outputs = {}  # of nested stacks, by stack and name
        self.conditions = {}

    def name(self, logical):
        return self.prefix + logical

    def is_list(self, parameter):
        kind = self.template["Parameters"][parameter]["Type"]
        return kind == "CommaDelimitedList" or kind.startswith("List<")

    def parameter(self, name):
        value = self.values[name]
        if self.template["Parameters"][name]["Type"] == "Number" and isinstance(value, str):
            return int(value)
        if self.is_list(name) and isinstance(value, (str, int)):
            return str(value).split(",") if str(value) else []
        if self.is_list(name) and not isinstance(value, list):
            if value.get("Fn::Join", [""])[0] == ",":
                return value["Fn::Join"][1]
            return {"Fn::Split": [",", value]}
        return value

    def holds(self, condition):
        """Whether a named condition is true."""
        if condition not in self.conditions:
            self.conditions[condition] = self._decide(self.template["Conditions"][condition])
        return self.conditions[condition]

    def _decide(self, expression):
        (kind, value), = expression.items()
        if kind == "Condition":
            return self.holds(value)
        if kind == "Fn::Equals":
            left, right = (self.resolve(side) for side in value)
            # What another resource will be called is never empty, and never yes or no.
            return _text(left) == _text(right)
        if kind == "Fn::Not":
            return not self._decide(value[0])
        if kind == "Fn::And":
            return all(self._decide(part) for part in value)
        if kind == "Fn::Or":
            return any(self._decide(part) for part in value)
        raise ValueError(f"condition {kind}")

    def resolve(self, node):
        """A part of the template with parameters put in and conditions decided."""
        if isinstance(node, list):
            resolved = [self.resolve(item) for item in node]
            return [item for item in resolved if item != NOTHING]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            (kind, value), = node.items()
            if kind == "Ref":
                return self._reference(value)
            if kind == "Fn::GetAtt":
                return self._attribute(*value)
            if kind == "Fn::Sub":
                return self._substitute(value)
            if kind == "Fn::If":
                return self.resolve(value[1] if self.holds(value[0]) else value[2])
            if kind == "Fn::Join":
                separator, parts = value[0], self.resolve(value[1])
                if isinstance(parts, list) and not any(isinstance(part, dict) for part in parts):
                    return separator.join(map(str, parts))
                return {kind: [separator, parts]}
        resolved = {key: self.resolve(value) for key, value in node.items()}
        return {key: value for key, value in resolved.items() if value != NOTHING}

    def _reference(self, name):
        if name.startswith(PSEUDO):
            return {"Ref": name}
        if name in self.template.get("Parameters", {}):
            return self.parameter(name)
        if name not in self.template["Resources"]:
            raise ValueError(f"{self.prefix}: Ref to {name}")
        return {"Ref": self.name(name)}

    def _attribute(self, logical, attribute):
        if attribute.startswith("Outputs."):
            return self.outputs[logical][attribute.removeprefix("Outputs.")]
        if logical not in self.template["Resources"]:
            raise ValueError(f"{self.prefix}: GetAtt of {logical}")
        return {"Fn::GetAtt": [self.name(logical), attribute]}

    def _substitute(self, value):
        text, own = (value, {}) if isinstance(value, str) else (value[0], self.resolve(value[1]))

        def put_in(match):
            name = match.group(1)
            if name.startswith("!") or name.startswith(PSEUDO):
                return match.group(0)
            if name in own:
                found = own[name]
            elif "." in name:
                found = self._attribute(*name.split(".", 1))
            else:
                found = self._reference(name)
            return _inline(found)

        text = re.sub(r"\$\{([^}]+)\}", put_in, text)
        if re.search(r"\$\{[^!}]", text):
            return {"Fn::Sub": text}
        return text.replace("${!", "${")


def _inline(value):
    if isinstance(value, dict):
        (kind, inner), = value.items()
        if kind == "Ref":
            return f"${{{inner}}}"
        if kind == "Fn::GetAtt":
            return f"${{{inner[0]}.{inner[1]}}}"
        if kind == "Fn::Sub" and isinstance(inner, str):
            return inner
        raise ValueError(f"cannot stand inside Fn::Sub: {kind}")
    if isinstance(value, list):
        return ",".join(map(str, value))
    return str(value)


def _text(value):
    return json.dumps(value, sort_keys=True) if isinstance(value, (dict, list)) else str(value)


def _nested(scope, out):
    """Takes the stacks of a template into `out`, in the order in which they need each other."""
    stacks = {
        logical: resource
        for logical, resource in scope.template["Resources"].items()
        if resource["Type"] == "AWS::CloudFormation::Stack"
    }
    waiting = dict(stacks)
    while waiting:
        ready = [name for name, stack in waiting.items() if not _needs(stack) & (set(waiting) - {name})]
        if not ready:
            raise ValueError(f"stacks wait for each other: {sorted(waiting)}")
        for logical in ready:
            stack = waiting.pop(logical)
            if "Condition" in stack and not scope.holds(stack["Condition"]):
                continue
            properties = scope.resolve(stack["Properties"].get("Parameters", {}))
            child = load(ROOT / stack["Properties"]["TemplateURL"])
            scope.outputs[logical] = _take(_Scope(child, properties, scope.name(logical)), out)


def _needs(node):
    """The stacks whose outputs a part of a template uses."""
    if isinstance(node, list):
        return set().union(*(_needs(item) for item in node))
    if not isinstance(node, dict):
        return set()
    found = set()
    for kind, value in node.items():
        if kind == "Fn::GetAtt":
            found.add(value[0])
        found |= _needs(value)
    return found


def _take(scope, out):
    _nested(scope, out)
    for section in ("Transform", "Globals"):
        if section in scope.template:
            out[section] = scope.resolve(scope.template[section])
    for logical, resource in scope.template["Resources"].items():
        if resource["Type"] == "AWS::CloudFormation::Stack":
            continue
        resource = copy.deepcopy(resource)
        condition = resource.pop("Condition", None)
        if condition and not scope.holds(condition):
            continue
        depends = resource.pop("DependsOn", [])
        resource = scope.resolve(resource)
        if depends:
            depends = [depends] if isinstance(depends, str) else depends
            resource["DependsOn"] = [scope.name(name) for name in depends]
        out["Resources"][scope.name(logical)] = resource
    return {name: scope.resolve(output["Value"]) for name, output in scope.template.get("Outputs", {}).items()}


def flatten(parameters=None, root=ROOT / "template.yaml"):
    """One template for given parameters of the root; functions are still SAM's."""
    template = load(root)
    out = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": template["Description"],
        "Resources": {},
    }
    outputs = _take(_Scope(template, parameters or {}, ""), out)
    out["Outputs"] = {name: {"Value": value} for name, value in outputs.items()}
    return out


class _NoPolicies:
    """No function uses a managed policy, so none has to be looked up."""

    def load(self):
        return {}


def expand(flat, code="code.example", region="eu-central-1"):
    """The flat template after SAM's transform. `code` is the bucket of the functions' archives."""
    from samtranslator.translator.transform import transform

    flat = copy.deepcopy(flat)
    for resource in flat["Resources"].values():
        properties = resource.get("Properties", {})
        for key in ("CodeUri", "ContentUri"):
            if key in properties:
                name = Path(properties[key]).name
                properties[key] = {"Bucket": code, "Key": f"{name}.zip"}
        # A reference to a number is a text to a function.
        variables = properties.get("Environment", {}).get("Variables", {})
        variables.update({name: str(value) for name, value in variables.items() if isinstance(value, int)})
    # It counts how it is used, and warns when nobody asks for the count.
    logging.getLogger("samtranslator.metrics.metrics").setLevel(logging.ERROR)
    # The translator asks for a region where it has to choose a partition.
    os.environ.setdefault("AWS_DEFAULT_REGION", region)
    return transform(flat, {}, _NoPolicies())

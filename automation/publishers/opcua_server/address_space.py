"""The address space: one variable per tag under ``CVT``, in folders by area."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from asyncua import ua

from automation.model.quality import Quality
from automation.model.sample import Sample
from automation.model.tag import DataType, Tag, Width
from automation.model.units import NO_UNIT_ID, known_unit

ROOT = "CVT"
_FOLDER_SIZE = 100
_VARIANTS = {
    DataType.FLOAT: ua.VariantType.Double,
    DataType.INT: ua.VariantType.Int64,
    DataType.BOOL: ua.VariantType.Boolean,
    DataType.STRING: ua.VariantType.String,
    DataType.ENUM: ua.VariantType.Int32,
}
_WIDTHS = {
    Width.INT8: ua.VariantType.SByte,
    Width.UINT8: ua.VariantType.Byte,
    Width.INT16: ua.VariantType.Int16,
    Width.UINT16: ua.VariantType.UInt16,
    Width.INT32: ua.VariantType.Int32,
    Width.UINT32: ua.VariantType.UInt32,
    Width.INT64: ua.VariantType.Int64,
}
_READ = 1  # AccessLevel bit CurrentRead (OPC UA Part 3, 8.57)
_UNECE_URI = "http://www.opcfoundation.org/UA/units/un/cefact"
_OWN_URI = "urn:automation-runtime:units"  # of units without a common code


def tag_node(name: str, namespace: int) -> ua.NodeId:
    """The node of the tag; it does not depend on the tag's place in the tree."""
    return ua.NodeId(f"{ROOT}/{name}", namespace)


def property_node(name: str, prop: str, namespace: int) -> ua.NodeId:
    """The node of a property of the tag."""
    return ua.NodeId(f"{ROOT}/{name}.{prop}", namespace)


def variant_of(tag: Tag) -> ua.VariantType:
    """The type of the tag's value on the wire."""
    return _VARIANTS[tag.type] if tag.width is None else _WIDTHS[tag.width]


def same_node(old: Tag, new: Tag) -> bool:
    """True if the variable of the old declaration serves the new one too, with other attributes and properties."""
    return (old.name, old.area, variant_of(old), _definition(old)) == (new.name, new.area, variant_of(new), _definition(new))


def attributes(tag: Tag) -> Mapping[ua.AttributeIds, ua.DataValue]:
    """The attributes of the tag's variable that may change while it stays."""
    texts = {ua.AttributeIds.DisplayName: tag.title, ua.AttributeIds.Description: tag.description}
    return {attribute: ua.DataValue(ua.Variant(ua.LocalizedText(text))) for attribute, text in texts.items()}


def state_text(tag: Tag, sample: Sample) -> ua.DataValue:
    """The text of an enum's value, for the property ValueAsText (Part 8, 5.3.3.4)."""
    text = "" if sample.quality.is_bad or not isinstance(sample.value, int) else tag.states.get(sample.value, "")
    return ua.DataValue(ua.Variant(ua.LocalizedText(text)))


def data_value(tag: Tag, sample: Sample) -> ua.DataValue:
    """The sample as OPC UA tells it; a BAD one carries no value (Part 4, 7.11.1)."""
    value = None if sample.quality.is_bad else sample.value
    variant = ua.Variant(None, ua.VariantType.Null) if value is None else ua.Variant(value, variant_of(tag))
    quality = sample.quality
    if value is None and not quality.is_bad:
        quality = Quality.BAD_WAITING_FOR_INITIAL_DATA
    return ua.DataValue(
        variant,
        ua.StatusCode(int(quality)),
        SourceTimestamp=datetime.fromtimestamp(sample.source_time, UTC),
        ServerTimestamp=datetime.fromtimestamp(sample.server_time, UTC),
    )


def nodes(tags: Sequence[Tag], namespace: int, made: set[str]) -> Iterator[ua.AddNodesItem]:
    """What to add for the tags, parents first: folders of at most 100 tags, variables, and their properties.

    made: paths of the folders that exist, added to as folders are given.
    """
    for path, members in _folders(tags).items():
        yield from _folder_chain(path, namespace, made)
        for tag in members:
            yield _variable(tag, path, namespace)
            yield from properties(tag, namespace)


def root_folder(namespace: int) -> ua.AddNodesItem:
    """The folder ``CVT`` under Objects."""
    return _folder(ROOT, ua.NodeId(ua.ObjectIds.ObjectsFolder), namespace)


def _folders(tags: Iterable[Tag]) -> Mapping[str, Sequence[Tag]]:
    by_area: dict[str, list[Tag]] = {}
    for tag in tags:
        by_area.setdefault(tag.area.strip("/"), []).append(tag)
    folders: dict[str, Sequence[Tag]] = {}
    for area, members in by_area.items():
        base = f"{ROOT}/{area}" if area else ROOT
        if len(members) <= _FOLDER_SIZE:
            folders[base] = members
            continue
        for start in range(0, len(members), _FOLDER_SIZE):
            folders[f"{base}/{start // _FOLDER_SIZE + 1:03d}"] = members[start : start + _FOLDER_SIZE]
    return folders


def _folder_chain(path: str, namespace: int, made: set[str]) -> Iterator[ua.AddNodesItem]:
    parts = path.split("/")
    for depth in range(1, len(parts)):
        parent, folder = "/".join(parts[:depth]), "/".join(parts[: depth + 1])
        if folder not in made:
            made.add(folder)
            yield _folder(folder, _folder_node(parent, namespace), namespace)


def _folder_node(path: str, namespace: int) -> ua.NodeId:
    return ua.NodeId(path if path == ROOT else f"Areas/{path.removeprefix(f'{ROOT}/')}", namespace)


def _folder(path: str, parent: ua.NodeId, namespace: int) -> ua.AddNodesItem:
    name = path.rpartition("/")[2]
    return ua.AddNodesItem(
        RequestedNewNodeId=_folder_node(path, namespace),
        BrowseName=ua.QualifiedName(name, namespace),
        NodeClass=ua.NodeClass.Object,
        ParentNodeId=parent,
        ReferenceTypeId=ua.NodeId(ua.ObjectIds.Organizes),
        TypeDefinition=ua.NodeId(ua.ObjectIds.FolderType),
        NodeAttributes=ua.ObjectAttributes(DisplayName=ua.LocalizedText(name), EventNotifier=0),
    )


def _variable(tag: Tag, path: str, namespace: int) -> ua.AddNodesItem:
    return ua.AddNodesItem(
        RequestedNewNodeId=tag_node(tag.name, namespace),
        BrowseName=ua.QualifiedName(tag.name, namespace),
        NodeClass=ua.NodeClass.Variable,
        ParentNodeId=_folder_node(path, namespace),
        ReferenceTypeId=ua.NodeId(ua.ObjectIds.HasComponent),
        TypeDefinition=ua.NodeId(_definition(tag)),
        NodeAttributes=ua.VariableAttributes(
            DisplayName=ua.LocalizedText(tag.title),
            Description=ua.LocalizedText(tag.description),
            Value=ua.Variant(None, ua.VariantType.Null),
            DataType=ua.NodeId(variant_of(tag).value),
            ValueRank=-1,
            AccessLevel=_READ,
            UserAccessLevel=_READ,
        ),
    )


def _definition(tag: Tag) -> int:
    if tag.type is DataType.ENUM:
        return ua.ObjectIds.MultiStateValueDiscreteType
    return ua.ObjectIds.AnalogItemType if tag.type.is_number and tag.range else ua.ObjectIds.BaseDataVariableType


def properties(tag: Tag, namespace: int) -> Iterator[ua.AddNodesItem]:
    """What to add for the tag's range, unit or states."""
    if tag.type is DataType.ENUM:
        values = [ua.EnumValueType(number, ua.LocalizedText(text), ua.LocalizedText("")) for number, text in tag.states.items()]
        yield _property(tag, "EnumValues", values, ua.ObjectIds.EnumValueType, namespace, rank=1)
        yield _property(tag, "ValueAsText", ua.LocalizedText(""), ua.ObjectIds.LocalizedText, namespace)
    if not tag.type.is_number:
        return
    if tag.range is not None:
        yield _property(tag, "EURange", ua.Range(Low=tag.range[0], High=tag.range[1]), ua.ObjectIds.Range, namespace)
    if tag.unit:
        yield _property(tag, "EngineeringUnits", engineering_unit(tag.unit), ua.ObjectIds.EUInformation, namespace)


def engineering_unit(unit_id: str) -> ua.EUInformation:
    """The unit as OPC UA tells it (Part 8, 5.6.4.3): symbol and name, and the UnitId of its common code if it has one."""
    known = known_unit(unit_id)
    if known is None:
        words = ua.LocalizedText(unit_id)
        return ua.EUInformation(NamespaceUri=_OWN_URI, UnitId=NO_UNIT_ID, DisplayName=words, Description=words)
    return ua.EUInformation(
        NamespaceUri=_UNECE_URI if known.unece else _OWN_URI,
        UnitId=known.opcua_id,
        DisplayName=ua.LocalizedText(known.symbol),
        Description=ua.LocalizedText(known.name),
    )


def _property(tag: Tag, name: str, value: object, data_type: int, namespace: int, *, rank: int = -1) -> ua.AddNodesItem:
    text = isinstance(value, ua.LocalizedText)
    return ua.AddNodesItem(
        RequestedNewNodeId=property_node(tag.name, name, namespace),
        BrowseName=ua.QualifiedName(name, 0),
        NodeClass=ua.NodeClass.Variable,
        ParentNodeId=tag_node(tag.name, namespace),
        ReferenceTypeId=ua.NodeId(ua.ObjectIds.HasProperty),
        TypeDefinition=ua.NodeId(ua.ObjectIds.PropertyType),
        NodeAttributes=ua.VariableAttributes(
            DisplayName=ua.LocalizedText(name),
            Value=ua.Variant(value, ua.VariantType.LocalizedText if text else ua.VariantType.ExtensionObject),
            DataType=ua.NodeId(data_type),
            ValueRank=rank,
            AccessLevel=_READ,
            UserAccessLevel=_READ,
        ),
    )

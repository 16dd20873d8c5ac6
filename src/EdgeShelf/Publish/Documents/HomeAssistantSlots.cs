using System.Text.Json.Nodes;
using EdgeShelf.Shelf;

namespace EdgeShelf.Publish.Documents;

/// <summary>
/// The entities of the bay in Home Assistant: for each slot a sensor with its verdict and a binary sensor that reports a problem, and the
/// availability. They read `…/shelf`, which is published at changes only, so they do not expire; the device's availability covers them.
/// </summary>
/// <param name="entityId">Makes an entity id of a platform and a key.</param>
sealed class HomeAssistantSlots(string device, string topic, Func<string, string, string> entityId)
{
    const string Availability = "shelf_availability";
    const string CameraMoved = "camera_moved";

    // Neither begins with the other, so that no name of a slot makes two keys equal.
    const string VerdictPrefix = "slot_";
    const string ProblemPrefix = "problem_";

    /// <summary>The names of <see cref="VerdictNames"/>, with one exception: to Home Assistant the state `unknown` means that it has no value.</summary>
    static readonly string[] States = ["match", "mismatch", "empty", UnknownProduct, "unchecked"];

    const string UnknownProduct = "unknown-product";

    /// <summary>Whether the key of a component is one that only a device with slots announces.</summary>
    public static bool IsOfSlots(string key) =>
        key is Availability or CameraMoved || key.StartsWith(VerdictPrefix, StringComparison.Ordinal) || key.StartsWith(ProblemPrefix, StringComparison.Ordinal);

    public void AddTo(JsonObject components, IReadOnlyList<SlotState> slots)
    {
        JsonObject availability = Entity(
            "sensor", Availability, "On-shelf availability", "{% if value_json is defined %}{{ (value_json.availability * 100) | round(1) if value_json.availability is number else None }}{% endif %}");
        availability["unit_of_measurement"] = "%";
        availability["state_class"] = "measurement";
        availability["icon"] = "mdi:percent-outline";
        components[Availability] = availability;
        JsonObject moved = Entity("binary_sensor", CameraMoved, "Camera moved", "{% if value_json is defined %}{{ 'ON' if value_json.view == 'camera-moved' else 'OFF' }}{% endif %}");
        moved["device_class"] = "problem";
        moved["entity_category"] = "diagnostic";
        components[CameraMoved] = moved;
        foreach (SlotState slot in slots)
        {
            components[VerdictPrefix + slot.Slot] = VerdictOf(slot.Slot);
            components[ProblemPrefix + slot.Slot] = ProblemOf(slot.Slot);
        }
    }

    JsonObject VerdictOf(string slot)
    {
        JsonObject entity = Entity(
            "sensor", VerdictPrefix + slot, $"Slot {slot}",
            With(slot, $"'{UnknownProduct}' if s.verdict == 'unknown' else s.verdict | default(None)"));
        entity["device_class"] = "enum";
        entity["options"] = new JsonArray([.. States.Select(state => (JsonNode)state)]);
        entity["json_attributes_topic"] = topic;
        // `seen` is a label; the name of its product is known where the product belongs somewhere on this shelf.
        entity["json_attributes_template"] = With(
            slot, "dict(expected=(s.expected.name or s.expected.label) if s.expected else None, seen=(value_json.slots | map(attribute='expected') | select | selectattr('label', 'eq', s.seen) | map(attribute='name') | select | first | default(s.seen)) if s.seen else None, since=s.since, covered_since=s.covered_since) | tojson if s else '{}'");
        return entity;
    }

    /// <summary>The problem is unknown while nothing is expected in the slot, before the first verdict, and when the slot has been covered for ten minutes.</summary>
    JsonObject ProblemOf(string slot)
    {
        JsonObject entity = Entity(
            "binary_sensor", ProblemPrefix + slot, $"Slot {slot} problem",
            With(slot, "None if not s or s.verdict == 'unchecked' or s.covered_long else 'OFF' if s.verdict == 'match' else 'ON'"));
        entity["device_class"] = "problem";
        return entity;
    }

    /// <summary>
    /// A template that evaluates an expression with the slot as `s`, which is an empty mapping if the document does not have the slot. An
    /// empty message, as the doctor's, gives an empty text, which Home Assistant ignores.
    /// </summary>
    static string With(string slot, string expression) =>
        $"{{% if value_json is defined %}}{{% set s = value_json.slots | selectattr('slot', 'eq', '{slot}') | first | default({{}}) %}}{{{{ {expression} }}}}{{% endif %}}";

    JsonObject Entity(string platform, string key, string name, string template) => new()
    {
        ["p"] = platform,
        ["unique_id"] = $"edgeshelf_{device}_{key}",
        ["default_entity_id"] = entityId(platform, key),
        ["name"] = name,
        ["state_topic"] = topic,
        ["value_template"] = template,
    };
}

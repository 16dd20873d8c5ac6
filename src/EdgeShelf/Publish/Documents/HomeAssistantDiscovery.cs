using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;
using MQTTnet;

namespace EdgeShelf.Publish.Documents;

/// <summary>
/// Announces the device and its entities to Home Assistant with device-based MQTT discovery: at each connection, when slots come or go,
/// and again when Home Assistant reports that it has started. Only the sender calls <see cref="TryTake"/> and <see cref="Taken"/>.
/// </summary>
/// <param name="bay">Tells which slots there are.</param>
/// <param name="page">Returns the address of the device's page, to which Home Assistant links, or is null without a page.</param>
sealed class HomeAssistantDiscovery(PublishOptions options, BayStatus bay, PageLocation? page = null)
{
    /// <summary>The topic on which Home Assistant publishes `online` when it has started, and `offline` when it stops.</summary>
    public const string BirthTopic = "homeassistant/status";

    /// <summary>Whether the last picture shows a product. A picture that is too dark, blank or blurred shows none, whatever its `top` says.</summary>
    const string HasProduct = $"value_json.last_result and value_json.last_result.slots[0].review_reason != '{SlotResult.UnusableImage}'";

    /// <summary>The number of missed heartbeats after which a value counts as unknown.</summary>
    const int HeartbeatsMissed = 3;

    /// <summary>The longest interval that Home Assistant offers, in seconds: a day.</summary>
    const int LongestInterval = 86_400;

    /// <summary>Quotes and other characters of templates stay as they are. The default would take six bytes for each.</summary>
    static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly DeviceTopics _topics = new(options.Device);
    readonly HomeAssistantFile _file = new(options.Folder);
    int _due;
    IReadOnlyList<SlotState>? _slots;
    bool _takesBack;
    bool _waitsForSlots;
    Uri? _page;

    /// <summary>The retained topic of the announcement. An empty message makes Home Assistant forget the device.</summary>
    public string Topic => $"homeassistant/device/edgeshelf-{options.Device}/config";

    public void Connected() => Interlocked.Exchange(ref _due, 1);

    /// <summary>Whether the message comes from Home Assistant's status topic. If it is `online`, an announcement becomes due.</summary>
    public bool IsBirth(MqttApplicationMessage message)
    {
        if (message.Topic != BirthTopic)
            return false;
        if (message.ConvertPayloadToString() == "online")
            Interlocked.Exchange(ref _due, 1);
        return true;
    }

    /// <summary>Gets the announcement to publish now, if one is due. An empty announcement withdraws an earlier one.</summary>
    public bool TryTake([NotNullWhen(true)] out byte[]? announcement)
    {
        announcement = null;
        IReadOnlyList<SlotState> slots = bay.Now.State.Slots;
        // The page is served a moment after the start.
        bool hasPage = options.HomeAssistant && _page is null && page?.Invoke() is not null;
        bool isDue = hasPage || Interlocked.Exchange(ref _due, 0) == 1 || (options.HomeAssistant && (_waitsForSlots ? bay.IsKnown : HasOtherNames(slots)));
        if (!isDue)
            return false;
        if (!options.HomeAssistant)
        {
            announcement = _file.Exists ? [] : null;
            return announcement is not null;
        }
        JsonObject? before = _file.Read() is { } bytes ? ComponentsOf(bytes) : null;
        // At the start the slots may not be known yet. An announcement without them would take their entities away.
        _waitsForSlots = !bay.IsKnown && before is not null && before.Any(component => HomeAssistantSlots.IsOfSlots(component.Key));
        if (_waitsForSlots)
            return false;
        _slots = slots;
        JsonObject now = Announcement(slots);
        _takesBack = AddWhatIsTakenBack(now["cmps"]!.AsObject(), before);
        announcement = JsonText.Bytes(now, Compact);
        return true;
    }

    /// <summary>
    /// Call this when the broker has the announcement. A file keeps it, because entities that are taken back must be named once more, also
    /// after a restart, and a device that never announced itself has nothing to withdraw.
    /// </summary>
    public void Taken(byte[] announcement)
    {
        // Home Assistant asks for a second announcement in which the removed entities are left out.
        if (announcement.Length > 0 && _takesBack)
            Connected();
        _file.Keep(announcement);
    }

    /// <summary>The announcement that the broker has, or null if there is none or it is not known. Sending it again changes nothing.</summary>
    public byte[]? Announced() => _file.Read();

    /// <summary>The announcement of the device as it is now.</summary>
    public byte[] Announce() => JsonText.Bytes(Announcement(bay.Now.State.Slots), Compact);

    bool HasOtherNames(IReadOnlyList<SlotState> slots)
    {
        if (_slots is null || ReferenceEquals(slots, _slots))
            return false;
        if (!slots.Select(slot => slot.Slot).SequenceEqual(_slots.Select(slot => slot.Slot)))
            return true;
        _slots = slots;
        return false;
    }

    /// <summary>Adds the entities that were announced and are gone, each with its platform only: so Home Assistant removes them.</summary>
    static bool AddWhatIsTakenBack(JsonObject components, JsonObject? before)
    {
        bool takesBack = false;
        foreach ((string key, JsonNode? component) in before ?? [])
        {
            if (components.ContainsKey(key) || component is not JsonObject { Count: > 1 } announced || announced["p"] is not { } platform)
                continue;
            components[key] = new JsonObject { ["p"] = platform.DeepClone() };
            takesBack = true;
        }
        return takesBack;
    }

    static JsonObject? ComponentsOf(byte[] announcement)
    {
        try
        {
            return (JsonNode.Parse(announcement) as JsonObject)?["cmps"] as JsonObject;
        }
        catch (JsonException)
        {
            // A file that another program wrote. The announcement is written anew.
            return null;
        }
    }

    JsonObject Announcement(IReadOnlyList<SlotState> slots)
    {
        _page = page?.Invoke();
        JsonObject announcement = Device();
        if (_page is not null)
            announcement["dev"]!["configuration_url"] = _page.ToString();
        JsonObject components = announcement["cmps"]!.AsObject();
        // With slots, the best label of the whole picture has no meaning.
        if (slots.Count == 0)
            AddWholePicture(components);
        else
            new HomeAssistantSlots(options.Device, _topics.Shelf, EntityId).AddTo(components, slots);
        return announcement;
    }

    /// <summary>The product of the whole picture. The names of the shipped model's products are their labels with spaces for dashes.</summary>
    void AddWholePicture(JsonObject components)
    {
        components["product"] = Entity("sensor", "product", "Product", $"{{{{ value_json.last_result.slots[0].top[0].label | replace('-', ' ') if {HasProduct} else None }}}}", ("icon", "mdi:cart-outline"));
        components["confidence"] = Entity(
            "sensor", "confidence", "Confidence", $"{{{{ (value_json.last_result.slots[0].top[0].confidence * 100) | round(1) if {HasProduct} else None }}}}",
            ("unit_of_measurement", "%"), ("state_class", "measurement"), ("icon", "mdi:percent-outline"));
    }

    JsonObject Device() => new()
    {
        ["dev"] = new JsonObject
        {
            ["ids"] = new JsonArray($"edgeshelf_{options.Device}"),
            ["name"] = options.Device,
            ["mf"] = "EdgeShelf",
            ["mdl"] = "Shelf camera",
            ["sw"] = ProgramVersion.Text,
        },
        ["o"] = new JsonObject { ["name"] = "EdgeShelf", ["sw"] = ProgramVersion.Text },
        ["state_topic"] = _topics.State,
        ["availability_topic"] = _topics.Availability,
        ["qos"] = 1,
        ["cmps"] = new JsonObject
        {
            ["needs_review"] = Entity(
                "binary_sensor", "needs_review", "Needs review", "{{ 'ON' if value_json.last_result and value_json.last_result.needs_review else 'OFF' }}",
                ("icon", "mdi:eye-check-outline")),
            ["review_waiting"] = Entity(
                "sensor", "review_waiting", "Waiting for review", "{{ value_json.review_waiting }}", ("state_class", "measurement"), ("icon", "mdi:comment-question-outline")),
            ["result_age"] = Diagnostic(
                "sensor", "result_age", "Age of the result", "{{ value_json.last_result_age_s }}",
                ("device_class", "duration"), ("unit_of_measurement", "s"), ("state_class", "measurement")),
            ["camera_problem"] = Diagnostic(
                "binary_sensor", "camera_problem", "Camera", "{{ 'ON' if value_json.camera.state == 'failing' else 'OFF' }}", ("device_class", "problem")),
            ["storage_problem"] = Diagnostic(
                "binary_sensor", "storage_problem", "Storage", "{{ 'ON' if value_json.outbox.problem else 'OFF' }}", ("device_class", "problem")),
            ["waiting"] = Diagnostic(
                "sensor", "waiting", "Messages waiting", "{{ value_json.outbox.waiting }}", ("state_class", "measurement"), ("icon", "mdi:tray-full")),
            ["dropped"] = Diagnostic(
                "sensor", "dropped", "Messages dropped", "{{ value_json.outbox.dropped }}", ("state_class", "total_increasing"), ("icon", "mdi:tray-remove")),
            ["picture"] = Picture(),
            ["interval"] = Interval(),
            ["capture"] = new JsonObject
            {
                ["p"] = "button",
                ["unique_id"] = $"edgeshelf_{options.Device}_capture",
                ["default_entity_id"] = EntityId("button", "capture"),
                ["name"] = "Take a picture",
                ["command_topic"] = $"{_topics.Base}/request/capture",
                ["payload_press"] = "{}",
                ["icon"] = "mdi:camera",
            },
        },
    };

    /// <summary>The interval of the timer. It shows what was asked for at once, and what is in force with the next state.</summary>
    JsonObject Interval() => new()
    {
        ["p"] = "number",
        ["unique_id"] = $"edgeshelf_{options.Device}_interval",
        ["default_entity_id"] = EntityId("number", "interval"),
        ["name"] = "Interval",
        ["command_topic"] = $"{_topics.Base}/request/interval",
        ["value_template"] = "{{ value_json.interval_s }}",
        ["optimistic"] = true,
        ["min"] = 1,
        ["max"] = LongestInterval,
        ["mode"] = "box",
        ["device_class"] = "duration",
        ["unit_of_measurement"] = "s",
        ["entity_category"] = "config",
        ["icon"] = "mdi:timer-outline",
    };

    /// <summary>The entity of the picture. Home Assistant removes an entity that has only a platform.</summary>
    JsonObject Picture() => !options.Image ? new JsonObject { ["p"] = "image" } : new JsonObject
    {
        ["p"] = "image",
        ["unique_id"] = $"edgeshelf_{options.Device}_picture",
        ["default_entity_id"] = EntityId("image", "picture"),
        ["name"] = "Picture",
        ["image_topic"] = _topics.Image,
        ["content_type"] = "image/jpeg",
    };

    JsonObject Diagnostic(string platform, string key, string name, string template, params ReadOnlySpan<(string Key, string Value)> more)
    {
        JsonObject entity = Entity(platform, key, name, template, more);
        entity["entity_category"] = "diagnostic";
        return entity;
    }

    JsonObject Entity(string platform, string key, string name, string template, params ReadOnlySpan<(string Key, string Value)> more)
    {
        JsonObject entity = new()
        {
            ["p"] = platform,
            ["unique_id"] = $"edgeshelf_{options.Device}_{key}",
            ["default_entity_id"] = EntityId(platform, key),
            ["name"] = name,
            ["value_template"] = template,
            // A device that stopped without its last will must not look as if it were running.
            ["expire_after"] = (int)(options.Heartbeat * HeartbeatsMissed).TotalSeconds,
        };
        foreach ((string extra, string value) in more)
            entity[extra] = value;
        return entity;
    }

    /// <summary>An entity id, in which Home Assistant allows only lower-case letters, digits and underscores.</summary>
    string EntityId(string platform, string key)
    {
#pragma warning disable CA1308 // Home Assistant requires lower case; this is not a comparison.
        string id = $"edgeshelf_{options.Device}_{key}".ToLowerInvariant();
#pragma warning restore CA1308
        return $"{platform}.{string.Concat(id.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '_'))}";
    }
}

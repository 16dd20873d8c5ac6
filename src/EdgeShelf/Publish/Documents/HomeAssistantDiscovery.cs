using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeShelf.Platform;
using MQTTnet;

namespace EdgeShelf.Publish.Documents;

/// <summary>
/// Announces the device and its entities to Home Assistant, by the device form of its MQTT discovery: at each connection,
/// and again when Home Assistant says that it has started.
/// </summary>
sealed class HomeAssistantDiscovery(PublishOptions options)
{
    /// <summary>Where Home Assistant says `online` when it has started, and `offline` when it ends.</summary>
    public const string BirthTopic = "homeassistant/status";

    /// <summary>So many heartbeats may be missed before a value counts as unknown.</summary>
    const int HeartbeatsMissed = 3;

    readonly DeviceTopics _topics = new(options.Device);
    int _due;

    /// <summary>Retained; Home Assistant forgets the device when it is emptied.</summary>
    public string Topic => $"homeassistant/device/edgeshelf-{options.Device}/config";

    public void Connected() => Interlocked.Exchange(ref _due, 1);

    /// <summary>True, and an announcement is due, when the message is Home Assistant's own `online`.</summary>
    public bool IsBirth(MqttApplicationMessage message)
    {
        if (message.Topic != BirthTopic)
            return false;
        if (message.ConvertPayloadToString() == "online")
            Interlocked.Exchange(ref _due, 1);
        return true;
    }

    /// <summary>What is to be published now, if anything; empty takes an earlier announcement back.</summary>
    public bool TryTake([NotNullWhen(true)] out byte[]? announcement)
    {
        announcement = Interlocked.Exchange(ref _due, 0) == 0 ? null
            : options.HomeAssistant ? Announce()
            : File.Exists(Marker) ? [] : null;
        return announcement is not null;
    }

    /// <summary>The broker has it. A file remembers that there is something to take back, so that a device that never announced itself says nothing.</summary>
    public void Taken(byte[] announcement)
    {
        try
        {
            if (announcement.Length == 0)
                File.Delete(Marker);
            else if (!File.Exists(Marker))
                DurableFile.Write(Marker, []);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The outbox is in the same folder and tells of a disk that fails. Here it only means that the announcement is not taken back.
        }
    }

    public byte[] Announce() => JsonSerializer.SerializeToUtf8Bytes(Announcement());

    string Marker => Path.Combine(options.Folder, "home-assistant-announced");

    JsonObject Announcement() => new()
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
            ["product"] = Entity("sensor", "product", "Product", "{{ value_json.last_result.slots[0].top[0].label if value_json.last_result else None }}", ("icon", "mdi:cart-outline")),
            ["confidence"] = Entity(
                "sensor", "confidence", "Confidence", "{{ (value_json.last_result.slots[0].top[0].confidence * 100) | round(1) if value_json.last_result else None }}",
                ("unit_of_measurement", "%"), ("state_class", "measurement"), ("icon", "mdi:percent-outline")),
            ["needs_review"] = Entity(
                "binary_sensor", "needs_review", "Needs review", "{{ 'ON' if value_json.last_result and value_json.last_result.needs_review else 'OFF' }}",
                ("icon", "mdi:eye-check-outline")),
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

    /// <summary>An entity of nothing but its platform is one that Home Assistant takes away.</summary>
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
            // A device that died without its last will must not look alive.
            ["expire_after"] = (int)(options.Heartbeat * HeartbeatsMissed).TotalSeconds,
        };
        foreach ((string extra, string value) in more)
            entity[extra] = value;
        return entity;
    }

    /// <summary>Home Assistant allows lower-case letters, digits and underscores there.</summary>
    string EntityId(string platform, string key)
    {
#pragma warning disable CA1308 // Lower case is what is asked for, not a comparison.
        string device = options.Device.ToLowerInvariant().Replace('-', '_');
#pragma warning restore CA1308
        return $"{platform}.edgeshelf_{device}_{key}";
    }
}

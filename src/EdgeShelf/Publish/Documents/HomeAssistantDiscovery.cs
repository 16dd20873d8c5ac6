using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeShelf.Platform;
using MQTTnet;

namespace EdgeShelf.Publish.Documents;

/// <summary>
/// Announces the device and its entities to Home Assistant with device-based MQTT discovery: at each connection, and again when
/// Home Assistant reports that it has started.
/// </summary>
sealed class HomeAssistantDiscovery(PublishOptions options)
{
    /// <summary>The topic on which Home Assistant publishes `online` when it has started, and `offline` when it stops.</summary>
    public const string BirthTopic = "homeassistant/status";

    /// <summary>The number of missed heartbeats after which a value counts as unknown.</summary>
    const int HeartbeatsMissed = 3;

    readonly DeviceTopics _topics = new(options.Device);
    int _due;

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
        announcement = Interlocked.Exchange(ref _due, 0) == 0 ? null
            : options.HomeAssistant ? Announce()
            : File.Exists(Marker) ? [] : null;
        return announcement is not null;
    }

    /// <summary>Call this when the broker has the announcement. A file records that there is one to withdraw, so that a device that never announced itself sends nothing.</summary>
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
            // The outbox is in the same folder and reports a disk that fails. Here the failure only means that the announcement is not withdrawn.
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
        string device = options.Device.ToLowerInvariant().Replace('-', '_');
#pragma warning restore CA1308
        return $"{platform}.edgeshelf_{device}_{key}";
    }
}

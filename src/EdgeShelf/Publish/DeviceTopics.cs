using EdgeShelf.Publish.Outbox;

namespace EdgeShelf.Publish;

/// <summary>The topics of one device.</summary>
sealed class DeviceTopics(string device)
{
    /// <summary>The first level of the topics of all devices.</summary>
    public const string Root = "edgeshelf";

    public string Base { get; } = $"{Root}/{device}";

    public string Result => $"{Base}/{OutboxTopics.Result}";
    public string Event => $"{Base}/{OutboxTopics.Event}";
    public string State => $"{Base}/state";
    public string Availability => $"{Base}/availability";
    public string Shelf => $"{Base}/shelf";
    public string Desired => $"{Base}/desired";
    public string Reported => $"{Base}/reported";
    public string Image => $"{Base}/image";
    public string Requests => Request("+");

    public string Request(string command) => $"{Base}/request/{command}";

    public string Response(string command) => $"{Base}/response/{command}";

    /// <summary>The topic on which the chain says what it wants of all devices of a group.</summary>
    public static string DesiredOfGroup(string group) => $"{Root}/_group/{group}/desired";

    /// <summary>The topic on which a device without credentials of its own asks for them.</summary>
    public static string ClaimRequest(Guid installation) => $"{Root}/_claim/{installation}/request";

    public static string ClaimAnswer(Guid installation) => $"{Root}/_claim/{installation}/answer";

    /// <summary>The topic of the picture of one slot. The names of slots have no characters with a meaning in topics.</summary>
    public string ImageOf(string slot) => $"{Image}/{slot}";

    /// <summary>Returns the command of a request topic, or null if the topic is not a request topic.</summary>
    public string? CommandOf(string topic) =>
        topic.StartsWith($"{Base}/request/", StringComparison.Ordinal) ? topic[(Base.Length + "/request/".Length)..] : null;
}

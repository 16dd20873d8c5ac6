namespace EdgeShelf.Publish.Broker;

/// <summary>What is said to the broker beside results and events. Each can be left out; results and events never.</summary>
enum SideChannel
{
    /// <summary>The subscription to `…/request/…`.</summary>
    Requests,

    /// <summary>The subscription to Home Assistant's own status.</summary>
    HomeAssistantStatus,

    /// <summary>`…/availability`, the last will included.</summary>
    Availability,
    State,

    /// <summary>The announcement to Home Assistant.</summary>
    Discovery,

    /// <summary>`…/response/…`.</summary>
    Response,

    /// <summary>A response topic that a request named.</summary>
    ResponseTopic,
    Image,
}

static class SideChannels
{
    /// <summary>The name in the log, in `…/state` and in the doctor's report.</summary>
    public static string NameOf(SideChannel channel) => channel switch
    {
        SideChannel.Requests => "requests",
        SideChannel.HomeAssistantStatus => "home-assistant-status",
        SideChannel.Availability => "availability",
        SideChannel.State => "state",
        SideChannel.Discovery => "discovery",
        SideChannel.Response => "response",
        SideChannel.ResponseTopic => "response-topic",
        SideChannel.Image => "image",
        _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, "A new channel needs a name here and in state.schema.json."),
    };
}

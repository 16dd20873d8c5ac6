namespace EdgeShelf.Publish.Broker;

/// <summary>What the device exchanges with the broker in addition to results and events. Each can be left out; results and events are never left out.</summary>
enum SideChannel
{
    /// <summary>The subscription to `…/request/…`.</summary>
    Requests,

    /// <summary>The subscription to Home Assistant's own status.</summary>
    HomeAssistantStatus,

    /// <summary>`…/availability`, including the last will.</summary>
    Availability,
    State,

    /// <summary>`…/shelf`.</summary>
    Shelf,

    /// <summary>The announcement to Home Assistant.</summary>
    Discovery,

    /// <summary>`…/response/…`.</summary>
    Response,

    /// <summary>A response topic that a request named.</summary>
    ResponseTopic,
    Image,

    /// <summary>`…/image/…`: pictures of single slots.</summary>
    Evidence,

    /// <summary>The subscription to what the chain wants.</summary>
    Desired,

    /// <summary>`…/reported`.</summary>
    Reported,
}

static class SideChannels
{
    /// <summary>Returns the name that the log, `…/state` and the doctor's report use.</summary>
    public static string NameOf(SideChannel channel) => channel switch
    {
        SideChannel.Requests => "requests",
        SideChannel.HomeAssistantStatus => "home-assistant-status",
        SideChannel.Availability => "availability",
        SideChannel.State => "state",
        SideChannel.Shelf => "shelf",
        SideChannel.Discovery => "discovery",
        SideChannel.Response => "response",
        SideChannel.ResponseTopic => "response-topic",
        SideChannel.Image => "image",
        SideChannel.Evidence => "evidence",
        SideChannel.Desired => "desired",
        SideChannel.Reported => "reported",
        _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, "A new channel needs a name here and in state.schema.json."),
    };
}

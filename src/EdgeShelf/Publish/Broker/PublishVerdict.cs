using EdgeShelf.Platform;
using MQTTnet;

namespace EdgeShelf.Publish.Broker;

/// <summary>What a PUBACK means for the message (MQTT 5.0, 3.4.2.1).</summary>
enum PublishVerdict
{
    Delivered,

    /// <summary>The broker has it, and nobody is there to read it.</summary>
    NobodySubscribed,

    /// <summary>Not now; it may be taken later.</summary>
    RetryLater,

    /// <summary>Never, as it stands.</summary>
    Refused,
}

static class PublishVerdicts
{
    public static PublishOutcome Of(MqttClientPublishResult result) => Of(result.ReasonCode) is var verdict && verdict < PublishVerdict.RetryLater
        ? new PublishOutcome(verdict, "")
        : new PublishOutcome(verdict, $"{result.ReasonCode} (0x{(int)result.ReasonCode:X2}){(string.IsNullOrEmpty(result.ReasonString) ? "" : $", {PlainText.Shown(result.ReasonString)}")}");

    static PublishVerdict Of(MqttClientPublishReasonCode code) => code switch
    {
        MqttClientPublishReasonCode.Success => PublishVerdict.Delivered,
        MqttClientPublishReasonCode.NoMatchingSubscribers => PublishVerdict.NobodySubscribed,
        MqttClientPublishReasonCode.QuotaExceeded
            or MqttClientPublishReasonCode.PacketIdentifierInUse
            or MqttClientPublishReasonCode.ImplementationSpecificError
            or MqttClientPublishReasonCode.UnspecifiedError => PublishVerdict.RetryLater,
        >= (MqttClientPublishReasonCode)0x80 => PublishVerdict.Refused,
        // MQTT gives no other code below 0x80; below it is success.
        _ => PublishVerdict.Delivered,
    };
}

using EdgeShelf.Platform;
using MQTTnet;

namespace EdgeShelf.Publish.Broker;

/// <summary>What a PUBACK means for the message (MQTT 5.0, 3.4.2.1).</summary>
enum PublishVerdict
{
    Delivered,

    /// <summary>The broker has the message, but no client subscribes to the topic.</summary>
    NobodySubscribed,

    /// <summary>The broker does not accept the message now, but may accept it later.</summary>
    RetryLater,

    /// <summary>The broker will never accept the message in this form.</summary>
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
        // MQTT defines no other code below 0x80, and all codes below that mean success.
        _ => PublishVerdict.Delivered,
    };
}

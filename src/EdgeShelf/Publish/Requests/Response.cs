using MQTTnet;
using MQTTnet.Protocol;

namespace EdgeShelf.Publish.Requests;

/// <summary>A response that is to be sent to the broker.</summary>
/// <param name="RequestedTopic">The response topic of an MQTT 5 request, or null.</param>
/// <param name="OwnTopic">The topic `…/response/…` of the device.</param>
/// <param name="Correlation">The correlation data of the request, or null.</param>
/// <param name="Payload">The document as UTF-8 JSON.</param>
sealed record Response(string? RequestedTopic, string OwnTopic, byte[]? Correlation, byte[] Payload)
{
    public MqttApplicationMessage On(string topic) => new MqttApplicationMessageBuilder()
        .WithTopic(topic).WithCorrelationData(Correlation).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).WithPayload(Payload).Build();
}

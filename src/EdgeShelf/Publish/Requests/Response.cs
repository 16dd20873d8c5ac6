using MQTTnet;
using MQTTnet.Protocol;

namespace EdgeShelf.Publish.Requests;

/// <summary>An answer on its way to the broker.</summary>
/// <param name="RequestedTopic">The response topic of an MQTT 5 request, or null.</param>
/// <param name="OwnTopic">`…/response/…`.</param>
/// <param name="Correlation">Of the request, or null.</param>
/// <param name="Payload">UTF-8 JSON.</param>
sealed record Response(string? RequestedTopic, string OwnTopic, byte[]? Correlation, byte[] Payload)
{
    public MqttApplicationMessage On(string topic) => new MqttApplicationMessageBuilder()
        .WithTopic(topic).WithCorrelationData(Correlation).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).WithPayload(Payload).Build();
}

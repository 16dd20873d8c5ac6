using System.Net;
using System.Net.Sockets;
using EdgeShelf.Platform;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Broker;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Shelf;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeShelf.Doctor;

/// <summary>
/// Takes the same steps as the sender: name, connection with a last will, subscriptions, and a message on each topic. It uses a separate
/// client id, so that the running service keeps its session. Its messages are empty and not retained, so that retained messages stay.
/// </summary>
sealed class BrokerCheck(PublishOptions options, TimeProvider clock) : DoctorCheck
{
    static readonly TimeSpan NameLimit = TimeSpan.FromSeconds(10);

    /// <summary>The number of attempts, which is enough for both versions of MQTT, each with and without a last will.</summary>
    const int Attempts = 5;

    readonly DeviceTopics _topics = new(options.Device);

    public override string Name => "broker";

    public override async Task<Finding> RunAsync(CancellationToken cancellationToken)
    {
        if (!BrokerAddress.TryParse(options.Broker, out BrokerAddress? address))
            return Finding.Fault($"Publish:Broker is {options.Broker}", $"Allowed are {BrokerAddress.Allowed}.");
        if (options is { UserName: not null, PasswordFile: null } && ServiceDirectories.IsPasswordClosed)
            return Finding.Warning($"not checked: this user may not read {ServiceDirectories.InstalledPassword}", "Run `sudo edgeshelf doctor`.");
        try
        {
            await Dns.GetHostAddressesAsync(address.Host, cancellationToken).WaitAsync(NameLimit, clock, cancellationToken);
        }
        catch (Exception problem) when (problem is SocketException or TimeoutException)
        {
            return Finding.Fault($"the name {address.Host} cannot be resolved: {problem.Message}", "Correct Publish:Broker, or the board's DNS server.");
        }
        return Judge(address, await AskAsync(cancellationToken));
    }

    Finding Judge(BrokerAddress address, Answers answers)
    {
        string speaks = answers.Version == MqttProtocolVersion.V500 ? "" : " with MQTT 3.1.1";
        string lets = $"{address} accepts the connection{(address.UsesTls ? " over TLS" : "")}{speaks}";
        string limits = string.Concat(answers.Limits.Select(limit => $" {limit}"));
        if (answers.Refused.Count == 0)
            return Finding.Fine($"{lets} and all messages on {_topics.Base}{(limits.Length > 0 ? $".{limits}" : "")}");
        string found = $"{lets} but refuses {string.Join("; ", answers.Refused.Select(refused => $"{refused.Name}: {refused.Reason.TrimEnd('.')}"))}.{limits}";
        string toDo = $"Allow {options.UserName ?? "this client"} these topics in the broker's access list; the device needs {_topics.Base}/#{(options.HomeAssistant ? $", {HomeAssistantDiscovery.BirthTopic} and homeassistant/device/+/config" : "")}.";
        return answers.Refused.Any(refused => refused.IsRecord) ? Finding.Fault(found, toDo) : Finding.Warning($"{found} Results arrive; the device does without the rest.", toDo);
    }

    /// <summary>Asks all questions. After the broker closed the connection, the remaining questions use a new one.</summary>
    async Task<Answers> AskAsync(CancellationToken cancellationToken)
    {
        BrokerConnector connector = new(
            options, new BrokerTls(options, clock), $"edgeshelf-{options.Device}-doctor", new LastWill($"{_topics.Base}/doctor", "", IsRetained: true), clock);
        BrokerConnection connection = await ConnectAsync(connector, cancellationToken);
        try
        {
            Answers answers = new(connection.Version, connection.Limits.Sentences, []);
            if (!connection.HasWill)
                answers.Refused.Add(new Refusal("the last will", "the broker refuses the connection with one", IsRecord: false));
            foreach (Question question in Questions(connection.Limits))
            {
                try
                {
                    PublishOutcome outcome = await question.AskAsync(connection, cancellationToken);
                    if (!outcome.IsTaken)
                        answers.Refused.Add(new Refusal(question.Name, outcome.Reason, question.IsRecord));
                    // The answer to a ping shows that the broker did not close the connection because of the question.
                    await connection.PingAsync(cancellationToken);
                }
                catch (BrokerException problem) when (problem.IsAboutPacket)
                {
                    answers.Refused.Add(new Refusal(question.Name, problem.Message, question.IsRecord));
                    await connection.DisposeAsync();
                    connection = await ConnectAsync(connector, cancellationToken);
                }
            }
            await connection.DisconnectAsync(cancellationToken);
            return answers;
        }
        finally
        {
            await connection.DisposeAsync();
        }
    }

    static async Task<BrokerConnection> ConnectAsync(BrokerConnector connector, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await connector.OpenAsync(withWill: true, _ => { }, cancellationToken);
            }
            catch (BrokerException problem) when (attempt < Attempts && BrokerConnector.MayHelpToTryAgain(problem))
            {
                // The next attempt uses an older version of MQTT, or no last will.
            }
        }
    }

    IEnumerable<Question> Questions(BrokerLimits limits)
    {
        yield return Publish("result", _topics.Result, isRecord: true);
        yield return Publish("event", _topics.Event, isRecord: true);
        yield return new Question(
            $"the subscription to {_topics.Requests}", false, (connection, token) => connection.SubscribeAsync([limits.AreWildcardsAvailable ? _topics.Requests : _topics.Request("status")], token));
        yield return Publish("availability", _topics.Availability);
        yield return Publish("state", _topics.State);
        yield return Publish("shelf", _topics.Shelf);
        yield return Publish("response", _topics.Response("doctor"));
        if (options.Image)
        {
            yield return Publish("image", _topics.Image, qos: MqttQualityOfServiceLevel.AtMostOnce);
            yield return Publish("evidence", _topics.ImageOf("doctor"), qos: MqttQualityOfServiceLevel.AtMostOnce);
        }
        if (!options.HomeAssistant)
            yield break;
        HomeAssistantDiscovery discovery = new(options, new BayStatus(clock));
        yield return new Question(
            $"the subscription to {HomeAssistantDiscovery.BirthTopic}", false, (connection, token) => connection.SubscribeAsync([HomeAssistantDiscovery.BirthTopic], token));
        // An empty announcement would make Home Assistant forget the device, so the current announcement is sent again, with the slots that the service announced.
        yield return Publish("discovery", discovery.Topic, payload: discovery.Announced() ?? discovery.Announce());
    }

    static Question Publish(string name, string topic, bool isRecord = false, byte[]? payload = null, MqttQualityOfServiceLevel qos = MqttQualityOfServiceLevel.AtLeastOnce) => new(
        $"{name} ({topic})", isRecord,
        (connection, token) => connection.PublishAsync(new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload ?? []).WithQualityOfServiceLevel(qos).Build(), token));

    /// <param name="IsRecord">Whether the question is about results or events, without which the device is of no use.</param>
    sealed record Question(string Name, bool IsRecord, Func<BrokerConnection, CancellationToken, Task<PublishOutcome>> AskAsync);

    sealed record Refusal(string Name, string Reason, bool IsRecord);

    sealed record Answers(MqttProtocolVersion Version, IReadOnlyList<string> Limits, List<Refusal> Refused);
}

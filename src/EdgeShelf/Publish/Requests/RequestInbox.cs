using System.Buffers;
using System.Text.Json;
using System.Threading.Channels;
using EdgeShelf.Platform;
using EdgeShelf.Publish.Broker;
using Microsoft.Extensions.Logging;
using MQTTnet;

namespace EdgeShelf.Publish.Requests;

/// <summary>
/// Queues incoming requests and outgoing responses. A request is answered in the background, because a capture takes seconds
/// and results must still be sent during that time.
/// </summary>
/// <param name="answersElsewhere">Whether a request may name a response topic outside of `edgeshelf/`.</param>
sealed class RequestInbox(RequestHandler handler, DeviceTopics topics, bool answersElsewhere, WakeSignal wake, TimeProvider clock, ILogger log) : IDisposable
{
    /// <summary>The maximum size of correlation data in bytes. It is kept in memory until the answer is sent.</summary>
    public const int MaxCorrelationBytes = 1024;

    const int Waiting = 32;
    const int MaxTopicLength = 256;

    readonly RequestLimiter _limiter = new(clock);
    readonly CountedLine _dropped = new(clock, count => log.RequestsDropped(count, RequestLimiter.Burst));

    readonly Channel<Response> _responses = Channel.CreateBounded<Response>(
        new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropOldest });
    int _inWork;

    /// <summary>Returns the topics to subscribe to.</summary>
    public IEnumerable<string> Topics(bool withWildcard) => withWildcard ? [topics.Requests] : handler.Commands.Select(topics.Request);

    /// <summary>Accepts a message from the broker and returns at once.</summary>
    public void Accept(MqttApplicationMessage message, CancellationToken cancellationToken)
    {
        if (topics.CommandOf(message.Topic) is not { } command)
            return;
        // A retained request was meant for the time when it was sent, and would be executed again at every start.
        if (message.Retain)
        {
            log.RetainedRequestIgnored(message.Topic);
            return;
        }
        // There is no answer to a request beyond the limit: it would cost the same as the request.
        if (!_limiter.TryEnter())
        {
            _dropped.Count();
            return;
        }
        if (Interlocked.Increment(ref _inWork) > Waiting)
        {
            Interlocked.Decrement(ref _inWork);
            _dropped.Count();
            return;
        }
        byte[] payload = message.Payload.IsSingleSegment ? message.Payload.First.ToArray() : message.Payload.ToArray();
        _ = Task.Run(() => AnswerAsync(command, payload, message.ResponseTopic, message.CorrelationData, cancellationToken), CancellationToken.None);
    }

    public void Dispose() => _dropped.Dispose();

    /// <summary>Gets the next response to send.</summary>
    public bool TryTakeResponse([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Response? response) =>
        _responses.Reader.TryRead(out response);

    async Task AnswerAsync(string command, byte[] payload, string? responseTopic, byte[]? correlation, CancellationToken cancellationToken)
    {
        try
        {
            bool isTooLong = correlation?.Length > MaxCorrelationBytes;
            ResponseDocument response = isTooLong
                ? ResponseDocument.Failed("bad-request", $"The correlation data has {correlation!.Length} bytes; allowed are {MaxCorrelationBytes}.")
                : await handler.AnswerAsync(command, payload, cancellationToken);
            log.RequestAnswered(command, response.Status, response.Error?.Code ?? "");
            _responses.Writer.TryWrite(new Response(
                responseTopic is { Length: > 0 } && MayAnswerOn(responseTopic) ? responseTopic : null,
                topics.Response(TopicLevel(command)), isTooLong ? null : correlation, JsonSerializer.SerializeToUtf8Bytes(response, PublishJson.Wire.ResponseDocument)));
            wake.Set();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception error)
        {
            // Catch everything: nobody awaits this task, and a fault must be logged but must not stop the service.
            log.RequestFailed(error, command);
        }
        finally
        {
            Interlocked.Decrement(ref _inWork);
        }
    }

    /// <summary>
    /// Whether a response topic is allowed. A stranger who may only send requests must not make the device publish to the topics of this or of
    /// another device, where an answer could be taken for a request, a result or a wish of the chain. Wildcards and the broker's own
    /// topics, which begin with `$`, are not allowed either.
    /// </summary>
    bool MayAnswerOn(string topic) =>
        topic.Length <= MaxTopicLength && topic[0] != '$' && topic.AsSpan().IndexOfAny('+', '#', '\0') < 0
        && (topic.StartsWith(topics.Response(""), StringComparison.Ordinal) || (answersElsewhere && !topic.StartsWith(DeviceTopics.Root + "/", StringComparison.Ordinal)));

    /// <summary>Returns the command if it is valid as a topic level, because it becomes part of the response topic.</summary>
    static string TopicLevel(string command) => DeviceName.IsValid(command) ? command : "unknown";
}

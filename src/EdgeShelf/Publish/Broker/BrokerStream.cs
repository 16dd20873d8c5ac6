using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using EdgeShelf.Platform;
using MQTTnet.Channel;

namespace EdgeShelf.Publish.Broker;

/// <summary>
/// The stream to the broker: TCP, TLS or a WebSocket over either. It replaces MQTTnet's own stream, so that TLS is
/// checked in one place for all four protocols, intermediate certificates are sent, and no packet is too large.
/// </summary>
sealed class BrokerStream(BrokerAddress address, BrokerTls tls) : IMqttClientStreamProvider
{
    static readonly TimeSpan WebSocketCloseLimit = TimeSpan.FromSeconds(1);

    public async Task<Stream> ConnectAsync(EndPoint brokerEndPoint, CancellationToken cancellationToken) =>
        new PacketLimit(address.UsesWebSocket ? await OpenWebSocketAsync(cancellationToken) : await OpenAsync(cancellationToken));

    async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, cancellationToken);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (!address.UsesTls)
                return stream;
            return await EncryptAsync(stream, cancellationToken);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    async Task<Stream> EncryptAsync(Stream stream, CancellationToken cancellationToken)
    {
        TlsAttempt attempt = tls.Prepare(address.Host);
        try
        {
            return await attempt.EncryptAsync(stream, cancellationToken);
        }
        catch (AuthenticationException error) when (attempt.Problem is { } problem)
        {
            throw new BrokerException(problem, "Results wait in the outbox; checks are never skipped. Correct the certificate, Publish:CaFile, Publish:Broker or the clock.", error);
        }
    }

    async Task<Stream> OpenWebSocketAsync(CancellationToken cancellationToken)
    {
        ClientWebSocket socket = new();
        // See MQTT 5.0, section 6: the subprotocol is `mqtt` and the frames are binary.
        socket.Options.AddSubProtocol("mqtt");
        SocketsHttpHandler handler = new()
        {
            // The handler gets a `ws:` address, because this class does the encryption.
            ConnectCallback = (_, token) => OpenAsync(token),
            UseProxy = false,
        };
        using HttpMessageInvoker invoker = new(handler);
        try
        {
            UriBuilder plain = new(address.WebSocketUri) { Scheme = "ws" };
            await socket.ConnectAsync(plain.Uri, invoker, cancellationToken);
            return WebSocketStream.Create(socket, WebSocketMessageType.Binary, WebSocketCloseLimit);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

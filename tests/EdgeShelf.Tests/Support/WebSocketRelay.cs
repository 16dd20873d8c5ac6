using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EdgeShelf.Tests.Support;

/// <summary>
/// A WebSocket in front of a broker's TCP port, as an ingress puts it there. mosquitto's own needs IPv6, which a build
/// machine may lack.
/// </summary>
sealed class WebSocketRelay : IAsyncDisposable
{
    readonly WebApplication _app;

    WebSocketRelay(WebApplication app) => _app = app;

    public int Port => LoopbackServer.AddressOf(_app).Port;

    /// <param name="certificate">Null: without TLS.</param>
    public static async Task<WebSocketRelay> StartAsync(int brokerPort, X509Certificate2? certificate = null)
    {
        WebApplication app = LoopbackServer.Build(certificate);
        app.UseWebSockets();
        app.Map("/mqtt", (HttpContext context) => RelayAsync(context, brokerPort));
        await app.StartAsync();
        return new WebSocketRelay(app);
    }

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource now = new(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    static async Task RelayAsync(HttpContext context, int brokerPort)
    {
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync("mqtt");
        using TcpClient broker = new();
        await broker.ConnectAsync(IPAddress.Loopback, brokerPort, context.RequestAborted);
        using WebSocketStream outside = WebSocketStream.Create(socket, WebSocketMessageType.Binary);
        using NetworkStream inside = broker.GetStream();
        await Task.WhenAny(outside.CopyToAsync(inside, context.RequestAborted), inside.CopyToAsync(outside, context.RequestAborted));
    }
}

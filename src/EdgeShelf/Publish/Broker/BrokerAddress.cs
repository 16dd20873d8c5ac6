using System.Diagnostics.CodeAnalysis;

namespace EdgeShelf.Publish.Broker;

/// <summary>The address of the broker and the protocol that is used with it.</summary>
/// <param name="Path">The path of the WebSocket; `/` for the other protocols.</param>
sealed record BrokerAddress(string Host, int Port, bool UsesTls, bool UsesWebSocket, string Path)
{
    public const string Allowed = "mqtt://HOST[:1883], mqtts://HOST[:8883], ws://HOST[:80]/PATH or wss://HOST[:443]/PATH, without a name or password";

    public static bool TryParse(string? text, [NotNullWhen(true)] out BrokerAddress? address)
    {
        address = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Host.Length == 0 || uri.Port == 0 || uri.UserInfo.Length > 0)
            return false;
        (int port, bool tls, bool webSocket) = uri.Scheme switch
        {
            "mqtt" => (1883, false, false),
            "mqtts" => (8883, true, false),
            "ws" => (80, false, true),
            "wss" => (443, true, true),
            _ => (0, false, false),
        };
        if (port == 0 || (!webSocket && uri.PathAndQuery is not ("" or "/")))
            return false;
        address = new BrokerAddress(uri.IdnHost, uri.IsDefaultPort || uri.Port < 0 ? port : uri.Port, tls, webSocket, uri.PathAndQuery);
        return true;
    }

    public Uri WebSocketUri => new($"{(UsesTls ? "wss" : "ws")}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}{Path}");

    public override string ToString() => $"{Host}:{Port}";
}

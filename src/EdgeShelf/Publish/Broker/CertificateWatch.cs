using System.Globalization;
using System.Text.Json.Nodes;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Publish.Outbox;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Publish.Broker;

/// <summary>Detects certificate files that changed while connected, and warns once a day when the certificate of this device expires soon.</summary>
sealed class CertificateWatch(BrokerTls tls, DurableOutbox outbox, TimeProvider clock, ILogger log)
{
    static readonly TimeSpan WarnEvery = TimeSpan.FromDays(1);

    string _stamp = "";
    long? _warnedAt;

    /// <summary>Call this at the start of a connection, which was made with the current files.</summary>
    public void Connected()
    {
        _stamp = tls.FilesStamp;
        WarnOfExpiry();
    }

    /// <summary>Call this regularly while connected.</summary>
    /// <exception cref="BrokerException">The files have changed and a new connection must be made with them.</exception>
    public void Check()
    {
        WarnOfExpiry();
        if (tls.FilesStamp != _stamp)
            throw new BrokerException("The certificate files have changed.", "The device connects again with them.");
    }

    void WarnOfExpiry()
    {
        if (_warnedAt is { } warned && clock.GetElapsedTime(warned) < WarnEvery)
            return;
        if (tls.ExpiresSoon() is not { } ends)
            return;
        _warnedAt = clock.GetTimestamp();
        string on = ends.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        log.CertificateExpires(on);
        outbox.TryAppendEvent(EventTypes.CertificateExpires, $"The device's certificate expires on {on}.", new JsonObject { ["expires_at"] = on });
    }
}

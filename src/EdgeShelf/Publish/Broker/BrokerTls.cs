using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeShelf.Platform;

namespace EdgeShelf.Publish.Broker;

/// <summary>
/// The TLS settings for the broker: the trusted authorities and the certificate of this device. The files are read at each connection.
/// A failed check refuses the connection and the message names the check. No check can be turned off.
/// </summary>
sealed class BrokerTls(PublishOptions options, TimeProvider clock)
{
    static readonly TimeSpan ReportedBeforeExpiry = TimeSpan.FromDays(30);

    string _endsStamp = "";
    DateTimeOffset? _ends;

    /// <summary>A text that changes when one of the files changes.</summary>
    public string FilesStamp => string.Join('|', Files.Select(path => $"{path}:{File.GetLastWriteTimeUtc(path).Ticks}"));

    IEnumerable<string> Files => new[] { options.CaFile, options.ClientCertificateFile, options.ClientKeyFile }.OfType<string>();

    /// <exception cref="BrokerException">A file cannot be read or does not contain a certificate.</exception>
    public TlsAttempt Prepare(string host)
    {
        TlsAttempt attempt = Read(nameof(PublishOptions.CaFile), options.CaFile, ca => new TlsAttempt("broker", host, ca, clock));
        attempt.Options.ApplicationProtocols = string.IsNullOrEmpty(options.Alpn) ? null : [new SslApplicationProtocol(options.Alpn)];
        attempt.Options.ClientCertificateContext = options.ClientCertificateFile is { } certificate ? ClientContext(certificate, options.ClientKeyFile!) : null;
        return attempt;
    }

    /// <summary>Returns when the certificate of this device expires if that is less than 30 days away; otherwise, or if there is no certificate, null. It reads the file only after a change.</summary>
    public DateTimeOffset? ExpiresSoon()
    {
        if (options.ClientCertificateFile is null)
            return null;
        string stamp = FilesStamp;
        if (_endsStamp != stamp)
            (_endsStamp, _ends) = (stamp, ReadEnd(options.ClientCertificateFile));
        return _ends is { } ends && ends - clock.GetUtcNow() < ReportedBeforeExpiry ? ends : null;
    }

    static DateTimeOffset? ReadEnd(string path)
    {
        try
        {
            X509Certificate2Collection certificates = TlsAttempt.ReadCertificates(path);
            DateTimeOffset ends = certificates[0].NotAfter;
            foreach (X509Certificate2 certificate in certificates)
                certificate.Dispose();
            return ends;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            // The connection reports a file that cannot be read.
            return null;
        }
    }

    /// <summary>The certificate with the intermediate certificates that follow it in the file, so that a broker that knows only the root can verify the chain.</summary>
    static SslStreamCertificateContext ClientContext(string certificatePath, string keyPath)
    {
        X509Certificate2 certificate = Read(nameof(PublishOptions.ClientCertificateFile), certificatePath, path => X509Certificate2.CreateFromPem(NamedFile.ReadText(path), NamedFile.ReadText(keyPath)));
        X509Certificate2Collection chain = Read(nameof(PublishOptions.ClientCertificateFile), certificatePath, TlsAttempt.ReadCertificates);
        chain[0].Dispose();
        chain.RemoveAt(0);
        return SslStreamCertificateContext.Create(certificate, chain, offline: true);
    }

    static T Read<T, TPath>(string key, TPath path, Func<TPath, T> read)
    {
        try
        {
            return read(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new BrokerException($"Publish:{key} {path} cannot be used: {error.Message}", "A PEM file is needed that the service's user may read; the connection is tried again.", error);
        }
    }
}

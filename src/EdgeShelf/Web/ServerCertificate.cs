using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace EdgeShelf.Web;

/// <summary>Loads the certificate from its PEM files. A renewed certificate is loaded at the next connection; the old one stays in use until the new one is complete.</summary>
sealed class ServerCertificate
{
    readonly WebOptions _options;
    readonly Lock _lock = new();
    DateTime _readAt;
    SslServerAuthenticationOptions _current;

    /// <exception cref="EdgeShelfException">The files do not contain a certificate with its key.</exception>
    public ServerCertificate(WebOptions options)
    {
        _options = options;
        _current = Read();
        _readAt = ChangedAt();
    }

    public ValueTask<SslServerAuthenticationOptions> SelectAsync(TlsHandshakeCallbackContext connection)
    {
        lock (_lock)
        {
            if (ChangedAt() is var changed && changed != _readAt)
            {
                try
                {
                    _current = Read();
                    _readAt = changed;
                }
                catch (EdgeShelfException)
                {
                    // The file is half written or wrong; the next connection tries again.
                }
            }
            return ValueTask.FromResult(_current);
        }
    }

    DateTime ChangedAt() => File.GetLastWriteTimeUtc(_options.CertificateFile!);

    SslServerAuthenticationOptions Read()
    {
        try
        {
            string text = NamedFile.ReadText(_options.CertificateFile!);
            using X509Certificate2 pem = X509Certificate2.CreateFromPem(text, _options.CertificateKeyFile is { } key ? NamedFile.ReadText(key) : text);
            X509Certificate2Collection chain = [];
            chain.ImportFromPem(text);
            return new SslServerAuthenticationOptions { ServerCertificateContext = SslStreamCertificateContext.Create(new X509Certificate2(pem), chain, offline: true) };
        }
        catch (Exception problem) when (problem is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new EdgeShelfException(
                $"The certificate {_options.CertificateFile} cannot be used: {problem.Message}",
                "Web:CertificateFile and Web:CertificateKeyFile must be a PEM certificate and its key without a password.", problem);
        }
    }
}

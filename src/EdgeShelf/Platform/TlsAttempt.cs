using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeShelf.Platform;

/// <summary>
/// One TLS handshake with a server: its options, and a description for people of what was wrong with the server's certificate. No check can be
/// turned off.
/// </summary>
sealed class TlsAttempt
{
    readonly string _server;
    readonly string _host;
    readonly string? _caFile;
    readonly TimeProvider _clock;

    /// <param name="server">What the server is, for messages, such as `broker`.</param>
    /// <param name="host">The name or the address that the certificate must be for.</param>
    /// <param name="caFile">A PEM file with the only authorities to trust; null means those of the system. It is read here, so a corrected file is used at the next connection.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="CryptographicException">The file does not contain a certificate.</exception>
    public TlsAttempt(string server, string host, string? caFile, TimeProvider clock)
    {
        (_server, _host, _caFile, _clock) = (server, host, caFile, clock);
        X509ChainPolicy policy = new() { RevocationMode = X509RevocationMode.NoCheck, VerificationTimeIgnored = false, VerificationTime = clock.GetUtcNow().LocalDateTime };
        if (caFile is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(ReadCertificates(caFile));
        }
        Options = new SslClientAuthenticationOptions { TargetHost = host, CertificateChainPolicy = policy, RemoteCertificateValidationCallback = Judge };
    }

    public SslClientAuthenticationOptions Options { get; }

    /// <summary>What was wrong with the server's certificate, or null if no problem was found.</summary>
    public string? Problem { get; private set; }

    /// <summary>Encrypts a connection, which is then owned by the returned stream. After a failure the caller still owns it.</summary>
    /// <exception cref="AuthenticationException">The handshake failed. If the server's certificate was refused, the message is <see cref="Problem"/>.</exception>
    public async Task<SslStream> EncryptAsync(Stream stream, CancellationToken cancellationToken)
    {
        SslStream encrypted = new(stream);
        try
        {
            await encrypted.AuthenticateAsClientAsync(Options, cancellationToken);
            return encrypted;
        }
        catch (AuthenticationException error)
        {
            await encrypted.DisposeAsync();
            throw Problem is null ? error : new AuthenticationException(Problem, error);
        }
        catch
        {
            await encrypted.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads the certificates of a PEM file, at least one.</summary>
    /// <exception cref="CryptographicException">There is none in it.</exception>
    public static X509Certificate2Collection ReadCertificates(string path)
    {
        X509Certificate2Collection certificates = [];
        certificates.ImportFromPem(NamedFile.ReadText(path));
        return certificates.Count > 0 ? certificates : throw new CryptographicException("there is no certificate in it");
    }

    /// <summary>The callback of the handshake. It only describes the result of the platform's checks and never accepts a certificate that the platform refuses.</summary>
    bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
            return true;
        Problem = Describe(certificate as X509Certificate2, chain, errors);
        return false;
    }

    string Describe(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
            return $"The {_server} did not present a certificate.";
        List<string> problems = [];
        foreach (X509ChainElement element in chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            if (element.ChainElementStatus.Any(status => status.Status == X509ChainStatusFlags.NotTimeValid))
                problems.Add(DescribeTime(element.Certificate));
        }
        X509ChainStatusFlags all = (chain?.ChainStatus ?? []).Aggregate(X509ChainStatusFlags.NoError, (flags, status) => flags | status.Status);
        if ((all & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0)
            problems.Add($"it was issued by {certificate.Issuer}, which {_caFile ?? "this system"} does not trust: wrong CA");
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            problems.Add($"it is for {NamesOf(certificate)} and not for {_host}: wrong host name");
        if (problems.Count == 0)
            problems.Add(string.Join(", ", (chain?.ChainStatus ?? []).Select(status => status.StatusInformation)));
        return $"The {_server}'s certificate is refused: {string.Join("; ", problems)}.";
    }

    string DescribeTime(X509Certificate2 certificate)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        return now < certificate.NotBefore
            ? $"it is not yet valid, it begins on {Time(certificate.NotBefore)} and this device's clock says {Time(now)}"
            : $"it expired on {Time(certificate.NotAfter)}, and this device's clock says {Time(now)}";
    }

    static string NamesOf(X509Certificate2 certificate)
    {
        string[] names = [.. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(names => names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(address => address.ToString())))];
        return names.Length > 0 ? string.Join(", ", names) : certificate.Subject;
    }

    static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace EdgeShelf.Publish.Broker;

/// <summary>One TLS handshake: its options, and a description for people of what was wrong with the broker's certificate.</summary>
sealed class TlsAttempt(string host, string? caFile, TimeProvider clock)
{
    public SslClientAuthenticationOptions Options { get; set; } = new();

    /// <summary>What was wrong with the broker's certificate, or null if no problem was found.</summary>
    public string? Problem { get; private set; }

    /// <summary>The callback of the handshake. It only describes the result of the platform's checks and never accepts a certificate that the platform refuses.</summary>
    public bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
            return true;
        Problem = Describe(certificate as X509Certificate2, chain, errors);
        return false;
    }

    string Describe(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
            return "The broker did not present a certificate.";
        List<string> problems = [];
        foreach (X509ChainElement element in chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            if (element.ChainElementStatus.Any(status => status.Status == X509ChainStatusFlags.NotTimeValid))
                problems.Add(DescribeTime(element.Certificate));
        }
        X509ChainStatusFlags all = (chain?.ChainStatus ?? []).Aggregate(X509ChainStatusFlags.NoError, (flags, status) => flags | status.Status);
        if ((all & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0)
            problems.Add($"it was issued by {certificate.Issuer}, which {(caFile is null ? "this system" : caFile)} does not trust: wrong CA");
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            problems.Add($"it is for {NamesOf(certificate)} and not for {host}: wrong host name");
        if (problems.Count == 0)
            problems.Add(string.Join(", ", (chain?.ChainStatus ?? []).Select(status => status.StatusInformation)));
        return $"The broker's certificate is refused: {string.Join("; ", problems)}.";
    }

    string DescribeTime(X509Certificate2 certificate)
    {
        DateTimeOffset now = clock.GetUtcNow();
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

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeShelf.Fleet;
using EdgeShelf.Publish;

namespace EdgeShelf.Cli.Setup;

/// <summary>Checks certificates and keys that stand in the answers themselves. No message shows a key.</summary>
static class InlinePem
{
    /// <param name="ca">The authorities of the broker, or null.</param>
    /// <param name="certificate">The device's certificate and those between it and its authority, or null.</param>
    /// <param name="key">The key of the certificate, not encrypted, or null.</param>
    public static IEnumerable<SetupFile> OfBroker(string? ca, string? certificate, string? key, List<string> problems)
    {
        if (ca is not null && WhyNotCertificates(ca) is { } reason)
            problems.Add($"broker:ca is no PEM of certificates: {reason}");
        if (certificate is null != key is null)
            problems.Add($"broker:{(key is null ? "key" : "certificate")} is missing; a certificate and its key belong together");
        else if (certificate is not null && WhyNotPair(certificate, key!) is { } wrong)
            problems.Add($"broker:certificate and broker:key are no pair of PEM texts: {wrong}");

        if (ca is not null)
            yield return new SetupFile("broker-ca.pem", ca, $"{PublishOptions.Section}:{nameof(PublishOptions.CaFile)}");
        if (certificate is null || key is null)
            yield break;
        yield return new SetupFile("device-certificate.pem", certificate, $"{PublishOptions.Section}:{nameof(PublishOptions.ClientCertificateFile)}");
        yield return new SetupFile("device-key.pem", key, $"{PublishOptions.Section}:{nameof(PublishOptions.ClientKeyFile)}", IsSecret: true);
    }

    /// <param name="keys">The public keys that sign the models of the fleet, or null.</param>
    public static IEnumerable<SetupFile> OfFleet(string? keys, List<string> problems)
    {
        if (keys is null)
            yield break;
        try
        {
            FleetKeys.Parse(keys, "fleet_key");
        }
        catch (FleetException problem)
        {
            problems.Add($"{problem.Message.TrimEnd('.')}");
        }
        yield return new SetupFile("fleet.pub", keys, $"{FleetOptions.Section}:{nameof(FleetOptions.KeyFile)}");
    }

    static string? WhyNotCertificates(string pem)
    {
        try
        {
            X509Certificate2Collection certificates = [];
            certificates.ImportFromPem(pem);
            foreach (X509Certificate2 certificate in certificates)
                certificate.Dispose();
            return certificates.Count > 0 ? null : "there is no certificate in it";
        }
        catch (CryptographicException problem)
        {
            return problem.Message;
        }
    }

    static string? WhyNotPair(string certificate, string key)
    {
        try
        {
            X509Certificate2.CreateFromPem(certificate, key).Dispose();
            return null;
        }
        catch (Exception problem) when (problem is CryptographicException or ArgumentException)
        {
            return problem.Message;
        }
    }
}

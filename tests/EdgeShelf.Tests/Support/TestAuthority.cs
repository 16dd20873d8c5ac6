using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeShelf.Tests.Support;

/// <summary>A certificate authority of a test's own, RSA or elliptic curve, that writes PEM files as an operator has them.</summary>
sealed class TestAuthority : IDisposable
{
    static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    readonly X509Certificate2 _root;

    public TestAuthority(string name = "EdgeShelf test root")
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        _root = request.CreateSelfSigned(Now.AddYears(-5), Now.AddYears(5));
    }

    TestAuthority(X509Certificate2 certificate) => _root = certificate;

    /// <summary>One that this one vouches for.</summary>
    public TestAuthority Intermediate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=EdgeShelf test intermediate", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using X509Certificate2 signed = request.Create(_root, Now.AddYears(-4), Now.AddYears(4), RandomNumberGenerator.GetBytes(8));
        return new TestAuthority(signed.CopyWithPrivateKey(key));
    }

    public string WriteCertificate(string path)
    {
        File.WriteAllText(path, _root.ExportCertificatePem() + "\n");
        return path;
    }

    /// <summary>Writes `NAME.crt`, with this authority's own certificate behind it, and `NAME.key`.</summary>
    public (string Certificate, string Key) Issue(string folder, string name, string host = "localhost", DateTimeOffset? from = null, DateTimeOffset? to = null, bool rsa = false)
    {
        using RSA rsaKey = RSA.Create(2048);
        using ECDsa ecKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = rsa
            ? new CertificateRequest($"CN={name}", rsaKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest($"CN={name}", ecKey, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        if (IPAddress.TryParse(host, out IPAddress? address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        using X509Certificate2 signed = request.Create(
            _root.SubjectName, X509SignatureGenerator.CreateForECDsa(_root.GetECDsaPrivateKey()!), from ?? Now.AddDays(-1), to ?? Now.AddYears(1), RandomNumberGenerator.GetBytes(8));
        (string certificate, string key) = (Path.Combine(folder, $"{name}.crt"), Path.Combine(folder, $"{name}.key"));
        File.WriteAllText(certificate, $"{signed.ExportCertificatePem()}\n{_root.ExportCertificatePem()}\n");
        File.WriteAllText(key, (rsa ? rsaKey.ExportPkcs8PrivateKeyPem() : ecKey.ExportPkcs8PrivateKeyPem()) + "\n");
        return (certificate, key);
    }

    public void Dispose() => _root.Dispose();
}

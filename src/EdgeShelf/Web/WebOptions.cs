using System.Net;

namespace EdgeShelf.Web;

/// <summary>The `Web` section: the page, `/predict` and the metrics.</summary>
sealed class WebOptions
{
    public const string Section = "Web";

    public bool Enabled { get; set; } = true;

    /// <summary>An IP address of this machine; `0.0.0.0` or `::` for all of them. Any but a loopback address needs the token.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>0: any that is free; the log says which.</summary>
    public int Port { get; set; } = 8080;

    /// <summary>Holds the token; made at the first start. Named, it is asked for on loopback too. Default: `web-token` in the state directory.</summary>
    public string? TokenFile { get; set; }

    /// <summary>Names by which browsers may reach the page, beside this machine's own name and its IP addresses.</summary>
    public IList<string> AllowedHosts { get; set; } = [];

    /// <summary>A PEM file with the certificate, then its chain: the page is served over TLS. Read again when it changes.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>The PEM file with its private key. Default: the key is in <see cref="CertificateFile"/>.</summary>
    public string? CertificateKeyFile { get; set; }

    public IPAddress ListenAddress => IPAddress.Parse(Address);

    public bool NeedsToken => TokenFile is not null || !IPAddress.IsLoopback(ListenAddress);
}

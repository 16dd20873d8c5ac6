using System.Net;
using System.Text.Json.Serialization;

namespace EdgeShelf.Web;

/// <summary>The `Web` section: the page, `/predict` and the metrics.</summary>
sealed class WebOptions
{
    public const string Section = "Web";

    public bool Enabled { get; set; } = true;

    /// <summary>The IP address of this machine to listen on; `0.0.0.0` or `::` for all addresses. Every address except loopback requires the token.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The port to listen on; 0 takes any free port, which is then logged.</summary>
    public int Port { get; set; } = 8080;

    /// <summary>The file with the token, which is created at the first start. When it is set, the token is also required on loopback. Default: `web-token` in the state directory.</summary>
    public string? TokenFile { get; set; }

    /// <summary>Further host names by which browsers may reach the page, in addition to this machine's name and IP addresses.</summary>
    public IList<string> AllowedHosts { get; set; } = [];

    /// <summary>A PEM file with the certificate followed by its chain. When it is set, the page is served over TLS. The file is read again when it changes.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>The PEM file with the certificate's private key. Default: the key is in <see cref="CertificateFile"/>.</summary>
    public string? CertificateKeyFile { get; set; }

    /// <summary>Size limit of the pictures of the last day that the page shows, in bytes; 0 keeps none. A picture has about 60 kB and is kept about once a minute.</summary>
    public long MaxHistoryBytes { get; set; } = 128_000_000;

    [JsonIgnore]
    public IPAddress ListenAddress => IPAddress.Parse(Address);

    [JsonIgnore]
    public bool NeedsToken => TokenFile is not null || !IPAddress.IsLoopback(ListenAddress);
}

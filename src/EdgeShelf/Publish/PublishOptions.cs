using EdgeShelf.Platform;

namespace EdgeShelf.Publish;

/// <summary>The `Publish` section: which broker, under which name, and how much may wait while it is away.</summary>
sealed class PublishOptions
{
    public const string Section = "Publish";

    /// <summary>The device's part of every topic; see <see cref="DeviceName"/>. Default: the host name, made to fit.</summary>
    public string Device { get; set; } = DeviceName.OfThisHost();

    /// <summary>`mqtt://host[:1883]`, `mqtts://host[:8883]`, `ws://host[:80]/path` or `wss://host[:443]/path`.</summary>
    public string Broker { get; set; } = "mqtt://localhost";

    public string? UserName { get; set; }

    /// <summary>A file whose first line is the password; it is read again at each connect. Default: the credential that the unit loads.</summary>
    public string? PasswordFile { get; set; } = ServiceDirectories.PasswordCredential;

    /// <summary>PEM file of the only authorities that may vouch for the broker. Default: those of the system.</summary>
    public string? CaFile { get; set; }

    /// <summary>PEM file with this device's certificate, then intermediate ones. Read again when it changes.</summary>
    public string? ClientCertificateFile { get; set; }

    /// <summary>PEM file with the key of the certificate, RSA or elliptic curve, not encrypted.</summary>
    public string? ClientKeyFile { get; set; }

    /// <summary>The protocol name of TLS (ALPN) that a broker on a shared port, such as 443, asks for. Default: none is sent.</summary>
    public string Alpn { get; set; } = "";

    /// <summary>Announce the device to Home Assistant; when off, an earlier announcement is taken back.</summary>
    public bool HomeAssistant { get; set; } = true;

    /// <summary>Publish a small copy of each picture on `…/image`. Not through the outbox: it is for looking, not for the record.</summary>
    public bool Image { get; set; }

    /// <summary>A broker that says nothing for 1.5 times as long is taken to be gone.</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Between two `…/state` documents when nothing happens.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Where the outbox keeps its files. Default: the state directory.</summary>
    public string Folder { get; set; } = ServiceDirectories.State;

    /// <summary>Messages that may wait; beyond it the oldest go.</summary>
    public long MaxMessages { get; set; } = 100_000;

    /// <summary>Payload bytes that may wait, refused messages included; beyond it the oldest go.</summary>
    public long MaxBytes { get; set; } = 256L << 20;

    /// <summary>What waited longer goes. Only judged while the clock is known to be right.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Below this much room on the volume the outbox no longer grows: each new message displaces an old one.</summary>
    public long MinFreeBytes { get; set; } = 64L << 20;
}

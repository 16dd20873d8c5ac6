using EdgeShelf.Platform;

namespace EdgeShelf.Publish;

/// <summary>The `Publish` section: the broker, the name of the device, and how many messages may wait during an outage.</summary>
sealed class PublishOptions
{
    public const string Section = "Publish";

    /// <summary>The name of the device in every topic; see <see cref="DeviceName"/>. The default is the host name, with invalid characters replaced.</summary>
    public string Device { get; set; } = DeviceName.OfThisHost();

    /// <summary>The address of the broker: `mqtt://host[:1883]`, `mqtts://host[:8883]`, `ws://host[:80]/path` or `wss://host[:443]/path`.</summary>
    public string Broker { get; set; } = "mqtt://localhost";

    public string? UserName { get; set; }

    /// <summary>A file whose first line is the password; it is read again at each connect. The default is the credential that the systemd unit loads.</summary>
    public string? PasswordFile { get; set; } = ServiceDirectories.PasswordCredential;

    /// <summary>A PEM file with the only authorities that are trusted for the broker. The default are the authorities of the system.</summary>
    public string? CaFile { get; set; }

    /// <summary>A PEM file with the certificate of this device, followed by intermediate certificates. It is read again when it changes.</summary>
    public string? ClientCertificateFile { get; set; }

    /// <summary>A PEM file with the key of the certificate, which is RSA or elliptic curve and not encrypted.</summary>
    public string? ClientKeyFile { get; set; }

    /// <summary>The protocol name of TLS (ALPN) that a broker on a shared port, such as 443, asks for. By default none is sent.</summary>
    public string Alpn { get; set; } = "";

    /// <summary>Whether the device is announced to Home Assistant. If not, an earlier announcement is withdrawn.</summary>
    public bool HomeAssistant { get; set; } = true;

    /// <summary>Whether a small copy of each picture is published on `…/image`. Copies are only for viewing, so they do not go through the outbox and may be lost.</summary>
    public bool Image { get; set; }

    /// <summary>
    /// Whether a request may name a response topic outside of `edgeshelf/`. If not, such a request is answered on the device's own
    /// `…/response/…`. Topics of other devices are never allowed.
    /// </summary>
    public bool ForeignResponseTopics { get; set; } = true;

    /// <summary>The MQTT keep-alive. A broker that sends nothing for 1.5 times as long counts as lost.</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often `…/state` is republished when nothing changes.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The folder for the files of the outbox. The default is the state directory.</summary>
    public string Folder { get; set; } = ServiceDirectories.State;

    /// <summary>The maximum number of messages that may wait. Beyond it the oldest are dropped.</summary>
    public long MaxMessages { get; set; } = 100_000;

    /// <summary>The maximum size of the payloads that may wait, in bytes, including refused messages. Beyond it the oldest are dropped.</summary>
    public long MaxBytes { get; set; } = 256L << 20;

    /// <summary>The maximum time that a message may wait before it is dropped. It applies only while the clock is known to be right.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(30);

    /// <summary>The free space on the volume, in bytes, below which the outbox no longer grows: each new message displaces an old one.</summary>
    public long MinFreeBytes { get; set; } = 64L << 20;
}

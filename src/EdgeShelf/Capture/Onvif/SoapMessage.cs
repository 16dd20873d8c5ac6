using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace EdgeShelf.Capture.Onvif;

/// <summary>Writes and reads SOAP 1.2 messages. What is read comes from the network: it may be anything, and nothing in it is resolved.</summary>
static class SoapMessage
{
    /// <summary>The longest answer that is read, in bytes. The profiles of a camera with several lenses have about 100,000.</summary>
    public const int MaxBytes = 1_000_000;

    public static readonly XNamespace Envelope = "http://www.w3.org/2003/05/soap-envelope";

    static readonly XNamespace Security = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    static readonly XNamespace Utility = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";

    const string DigestType = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest";
    const string Base64Type = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary";

    const int NonceBytes = 16, MaxDepth = 64;

    /// <summary>A request with the action as its type's parameter, as ONVIF's core specification asks for.</summary>
    /// <param name="body">The element of the operation.</param>
    /// <param name="header">The element of the login, or null.</param>
    public static HttpContent Content(XElement body, XElement? header)
    {
        XElement envelope = new(Envelope + "Envelope", header is null ? null : new XElement(Envelope + "Header", header), new XElement(Envelope + "Body", body));
        ByteArrayContent content = new(Encoding.UTF8.GetBytes(envelope.ToString(SaveOptions.DisableFormatting)));
        MediaTypeHeaderValue type = new("application/soap+xml", "utf-8");
        type.Parameters.Add(new NameValueHeaderValue("action", $"\"{body.Name.NamespaceName}/{body.Name.LocalName}\""));
        content.Headers.ContentType = type;
        return content;
    }

    /// <summary>
    /// The login of the UsernameToken profile 1.0 of WS-Security: the digest is SHA-1 over nonce, time and password, so that the password is not sent.
    /// </summary>
    /// <param name="now">The time by the camera's clock. Cameras refuse a login whose time is minutes away from theirs.</param>
    public static XElement UsernameToken(string user, string password, DateTimeOffset now) =>
        UsernameToken(user, password, RandomNumberGenerator.GetBytes(NonceBytes), now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    /// <param name="created">The time in XML's form.</param>
    public static XElement UsernameToken(string user, string password, byte[] nonce, string created)
    {
#pragma warning disable CA5350 // The profile prescribes SHA-1; cameras know nothing else.
        byte[] digest = SHA1.HashData([.. nonce, .. Encoding.UTF8.GetBytes(created), .. Encoding.UTF8.GetBytes(password)]);
#pragma warning restore CA5350
        return new XElement(
            Security + "Security", new XAttribute(Envelope + "mustUnderstand", "1"),
            new XElement(
                Security + "UsernameToken",
                new XElement(Security + "Username", user),
                new XElement(Security + "Password", new XAttribute("Type", DigestType), Convert.ToBase64String(digest)),
                new XElement(Security + "Nonce", new XAttribute("EncodingType", Base64Type), Convert.ToBase64String(nonce)),
                new XElement(Utility + "Created", created)));
    }

    /// <summary>Reads a message. A document type, which could name files of this device or grow without end, is refused.</summary>
    /// <exception cref="XmlException">The bytes are not XML, have a document type, or are too long or nested too deeply.</exception>
    public static XDocument Read(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > MaxBytes)
            throw new XmlException($"The message has {bytes.Length} bytes; at most {MaxBytes} are allowed.");
        XmlReaderSettings settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true };
        byte[] text = bytes.ToArray();
        using XmlReader first = XmlReader.Create(new MemoryStream(text, writable: false), settings);
        while (first.Read())
        {
            // The text of an element is collected by recursion, and a stack that overflows ends the service.
            if (first.Depth > MaxDepth)
                throw new XmlException($"The elements are nested deeper than {MaxDepth}.");
        }
        using XmlReader reader = XmlReader.Create(new MemoryStream(text, writable: false), settings);
        return XDocument.Load(reader);
    }
}

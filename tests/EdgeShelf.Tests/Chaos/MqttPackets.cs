using System.Buffers.Binary;
using System.Text;

namespace EdgeShelf.Tests.Chaos;

/// <summary>As much of MQTT 5.0 as it takes to see messages and their receipts go by.</summary>
static class MqttPackets
{
    public const int Connect = 1;
    public const int Publish = 3;
    public const int PublishReceipt = 4;
    public const int Subscribe = 8;

    /// <summary>The length of the packet at the start, or 0 while it is not whole.</summary>
    public static int LengthOf(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 2 && TryReadNumber(bytes[1..], out int remaining, out int read) && bytes.Length >= 1 + read + remaining ? 1 + read + remaining : 0;

    public static int TypeOf(ReadOnlySpan<byte> packet) => packet[0] >> 4;

    /// <summary>Of a CONNECT (section 3.1.2.2): 5, or 4 for MQTT 3.1.1.</summary>
    public static int ReadVersion(ReadOnlySpan<byte> packet)
    {
        TryReadNumber(packet[1..], out _, out int read);
        ReadOnlySpan<byte> rest = packet[(1 + read)..];
        return rest[2 + BinaryPrimitives.ReadUInt16BigEndian(rest)];
    }

    /// <summary>Of a PUBLISH of any quality, or the first filter of a SUBSCRIBE (section 3.8); null of anything else.</summary>
    public static string? ReadTopic(ReadOnlySpan<byte> packet)
    {
        TryReadNumber(packet[1..], out _, out int read);
        ReadOnlySpan<byte> rest = packet[(1 + read)..];
        if (TypeOf(packet) == Subscribe)
        {
            TryReadNumber(rest[2..], out int properties, out read);
            rest = rest[(2 + read + properties)..];
        }
        else if (TypeOf(packet) != Publish)
        {
            return null;
        }
        return Encoding.UTF8.GetString(rest.Slice(2, BinaryPrimitives.ReadUInt16BigEndian(rest)));
    }

    /// <summary>Of a PUBLISH of quality 1 (section 3.3).</summary>
    public static (string Topic, ushort Id, byte[] Payload)? ReadPublish(ReadOnlySpan<byte> packet)
    {
        if (((packet[0] >> 1) & 3) == 0)
            return null;
        TryReadNumber(packet[1..], out _, out int read);
        ReadOnlySpan<byte> rest = packet[(1 + read)..];
        int topicLength = BinaryPrimitives.ReadUInt16BigEndian(rest);
        string topic = Encoding.UTF8.GetString(rest.Slice(2, topicLength));
        rest = rest[(2 + topicLength)..];
        ushort id = BinaryPrimitives.ReadUInt16BigEndian(rest);
        TryReadNumber(rest[2..], out int properties, out read);
        return (topic, id, rest[(2 + read + properties)..].ToArray());
    }

    /// <summary>Of a PUBACK (section 3.4); without a reason code it is success.</summary>
    public static (ushort Id, bool IsRefusal) ReadReceipt(ReadOnlySpan<byte> packet)
    {
        TryReadNumber(packet[1..], out int remaining, out int read);
        ReadOnlySpan<byte> rest = packet.Slice(1 + read, remaining);
        return (BinaryPrimitives.ReadUInt16BigEndian(rest), rest.Length > 2 && rest[2] >= 0x80);
    }

    /// <summary>Section 1.5.5: seven bits a byte, the lowest first.</summary>
    static bool TryReadNumber(ReadOnlySpan<byte> bytes, out int number, out int read)
    {
        number = 0;
        for (read = 0; read < Math.Min(4, bytes.Length); read++)
        {
            number |= (bytes[read] & 0x7F) << (7 * read);
            if ((bytes[read] & 0x80) == 0)
            {
                read++;
                return true;
            }
        }
        return false;
    }
}

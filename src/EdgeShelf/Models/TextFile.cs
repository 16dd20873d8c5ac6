using System.Text;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Models;

/// <summary>Reads a text file that a person or a spreadsheet wrote: UTF-8 with or without a byte order mark, or UTF-16 with one. It does not guess the encoding.</summary>
static class TextFile
{
    const string Hint = "Save it as UTF-8: in Excel as \"CSV UTF-8\", elsewhere with `iconv -f windows-1252 -t utf-8`.";

    /// <exception cref="ConfigurationException">The file cannot be read, or is in another encoding; the message says which line shows it.</exception>
    public static string Read(string path)
    {
        byte[] bytes;
        try
        {
            bytes = NamedFile.ReadAllBytes(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path} cannot be read: {problem.Message}.", "Make it readable, or name another file.", problem);
        }
        return Decode(bytes, path);
    }

    /// <param name="path">The path or another name of the text, for messages.</param>
    /// <exception cref="ConfigurationException">The text is in another encoding; the message says which line shows it.</exception>
    public static string Decode(byte[] bytes, string path)
    {
        Encoding encoding = bytes switch
        {
            [0xFF, 0xFE, 0, 0, ..] => throw new ConfigurationException($"{path} is UTF-32.", Hint),
            [0xFF, 0xFE, ..] => new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
            [0xFE, 0xFF, ..] => new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
            _ => new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true),
        };
        int start = bytes.AsSpan().StartsWith(encoding.Preamble) ? encoding.Preamble.Length : 0;
        try
        {
            string text = encoding.GetString(bytes, start, bytes.Length - start);
            return !text.Contains('\0', StringComparison.Ordinal)
                ? text
                : throw new ConfigurationException($"{path} holds zero bytes: it is UTF-16 without a byte order mark, or no text.", Hint);
        }
        catch (DecoderFallbackException problem)
        {
            int at = Math.Clamp(start + problem.Index, 0, bytes.Length - 1);
            int line = 1 + bytes.AsSpan(0, at).Count((byte)'\n');
            throw new ConfigurationException(
                $"{path}, line {line}: the byte 0x{bytes[at]:X2} is not {(encoding is UTF8Encoding ? "UTF-8; the file is probably Windows-1252 (\"ANSI\")" : "UTF-16")}.", Hint, problem);
        }
    }
}

using EdgeShelf.Shelf;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Web;

/// <summary>
/// The current token. The file is read again when it changes, so a new token ends all sessions and invalidates the old
/// token at once. A deleted file is created again with a new token. While the file cannot be read, no token is accepted.
/// </summary>
sealed class TokenFile
{
    readonly WebOptions _options;
    readonly string _path;
    readonly ILogger _log;
    readonly Lock _lock = new();
    WebToken? _current;
    (DateTime ChangedAt, long Length)? _readAs;
    bool _reported;

    /// <exception cref="EdgeShelfException">The file cannot be read or written, or does not contain a token.</exception>
    public TokenFile(WebOptions options, ILogger log)
    {
        (_options, _path, _log) = (options, WebToken.FileOf(options), log);
        (DateTime, long)? seen = Look();
        _current = WebToken.ReadOrCreate(options, log);
        _readAs = seen ?? Look();
    }

    /// <summary>The current token; null while it cannot be read.</summary>
    public WebToken? Current
    {
        get
        {
            lock (_lock)
            {
                // Get the file's time before reading it, so that a change between the two is noticed at the next request.
                (DateTime, long)? now = Look();
                if (now != _readAs || now is null || _current is null)
                    Read(now);
                return _current;
            }
        }
    }

    void Read((DateTime, long)? seen)
    {
        bool hadOne = _current is not null;
        try
        {
            _current = WebToken.ReadOrCreate(_options, _log);
            _readAs = seen ?? Look();
            _reported = false;
            if (hadOne)
                _log.TokenChanged(_path);
        }
        catch (EdgeShelfException problem)
        {
            // The old token may have been removed on purpose, so it must not remain valid.
            _current = null;
            if (!_reported)
                _log.TokenIsGone(problem.Message, problem.Hint);
            _reported = true;
        }
    }

    (DateTime, long)? Look()
    {
        FileInfo file = new(_path);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : null;
    }
}

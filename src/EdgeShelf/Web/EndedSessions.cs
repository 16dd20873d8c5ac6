using System.Globalization;
using System.Text;
using EdgeShelf.Platform;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Web;

/// <summary>
/// Stores the sessions that were ended before they expired, in a file beside the token, so that they stay ended after a restart.
/// At most <see cref="Max"/> are stored. When there are more, every session that expires no later than the earliest stored one counts as ended.
/// </summary>
sealed class EndedSessions(string path, TimeProvider clock, ILogger log)
{
    public const int Max = 200;

    readonly Lock _lock = new();
    Dictionary<string, DateTimeOffset>? _ended;
    DateTimeOffset _allUntil = DateTimeOffset.MinValue;

    public bool Has(WebSession session)
    {
        lock (_lock)
            return Load().ContainsKey(session.Id) || session.EndsAt <= _allUntil;
    }

    public void Add(WebSession session)
    {
        lock (_lock)
        {
            Dictionary<string, DateTimeOffset> ended = Load();
            DateTimeOffset now = clock.GetUtcNow();
            foreach (string over in ended.Where(one => one.Value <= now).Select(one => one.Key).ToArray())
                ended.Remove(over);
            ended[session.Id] = session.EndsAt;
            while (ended.Count > Max)
            {
                (string id, _allUntil) = ended.MinBy(one => one.Value);
                ended.Remove(id);
            }
            Save(ended);
        }
    }

    Dictionary<string, DateTimeOffset> Load()
    {
        if (_ended is not null)
            return _ended;
        _ended = [];
        try
        {
            foreach (string line in File.Exists(path) ? File.ReadLines(path) : [])
                Take(line.Split(' '), _ended);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            log.EndedSessionsAreNotKept(path, problem.Message);
        }
        return _ended;
    }

    /// <summary>One line of the file: `ID END`, with the end in Unix seconds. The id `*` stands for all sessions up to that end.</summary>
    void Take(string[] line, Dictionary<string, DateTimeOffset> ended)
    {
        if (line is not [{ } id, { } end] || !long.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
            return;
        if (id == "*")
            _allUntil = DateTimeOffset.FromUnixTimeSeconds(seconds);
        else
            ended[id] = DateTimeOffset.FromUnixTimeSeconds(seconds);
    }

    void Save(Dictionary<string, DateTimeOffset> ended)
    {
        StringBuilder lines = new();
        if (_allUntil > DateTimeOffset.UnixEpoch)
            lines.Append(CultureInfo.InvariantCulture, $"* {_allUntil.ToUnixTimeSeconds()}\n");
        foreach ((string id, DateTimeOffset end) in ended)
            lines.Append(CultureInfo.InvariantCulture, $"{id} {end.ToUnixTimeSeconds()}\n");
        try
        {
            DurableFile.Write(path, Encoding.ASCII.GetBytes(lines.ToString()), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // The session stays ended at least until the next start.
            log.EndedSessionsAreNotKept(path, problem.Message);
        }
    }
}

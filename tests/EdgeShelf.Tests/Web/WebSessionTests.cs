using EdgeShelf.Tests.Support;
using EdgeShelf.Web;
using Microsoft.Extensions.Time.Testing;

namespace EdgeShelf.Tests.Web;

public sealed class WebSessionTests
{
    static readonly WebToken Token = new("a token of 24 characters");

    readonly FakeTimeProvider _clock = new();

    [Fact]
    public void ASessionIsInForceUntilItsEndAndForItsTokenOnly()
    {
        WebSession session = WebSession.New(_clock.GetUtcNow());
        string cookie = session.CookieBy(Token);

        Assert.Equal(session, WebSession.Of(cookie, Token, session.EndsAt.AddSeconds(-1)));
        Assert.Null(WebSession.Of(cookie, Token, session.EndsAt));
        Assert.Null(WebSession.Of(cookie, new WebToken("another token, as long as"), _clock.GetUtcNow()));
        Assert.Equal(_clock.GetUtcNow() + WebSession.Lifetime, session.EndsAt);
        Assert.NotEqual(cookie, WebSession.New(_clock.GetUtcNow()).CookieBy(Token));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("{id}.{end}")]
    [InlineData("{id}.{end}.")]
    [InlineData("{id}.{end}0.{signature}")]
    [InlineData("{id}.99999999999999999999.{signature}")]
    [InlineData("{id}.9223372036854775807.{signature}")]
    [InlineData("{id}.-1.{signature}")]
    [InlineData("00000000000000000000000000000000.{end}.{signature}")]
    [InlineData("{id}.{end}.{signature}.")]
    public void ACookieThatWasChangedIsNone(string? changed)
    {
        string[] parts = WebSession.New(_clock.GetUtcNow()).CookieBy(Token).Split('.');
        string? cookie = changed?.Replace("{id}", parts[0], StringComparison.Ordinal).Replace("{end}", parts[1], StringComparison.Ordinal).Replace("{signature}", parts[2], StringComparison.Ordinal);

        Assert.Null(WebSession.Of(cookie, Token, _clock.GetUtcNow()));
    }

    [Fact]
    public void MoreEndedSessionsThanAreKeptStayEndedAfterARestart()
    {
        using TemporaryFolder folder = new();
        EndedSessions ended = New(folder);
        List<WebSession> sessions = [];
        for (int i = 0; i < EndedSessions.Max + 10; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            sessions.Add(WebSession.New(_clock.GetUtcNow()));
            ended.Add(sessions[^1]);
        }
        _clock.Advance(TimeSpan.FromSeconds(1));
        WebSession newer = WebSession.New(_clock.GetUtcNow());

        Assert.All([ended, New(folder)], one =>
        {
            Assert.All(sessions, session => Assert.True(one.Has(session)));
            Assert.False(one.Has(newer));
        });
        Assert.InRange(new FileInfo(folder.File("ended")).Length, 1, 64 * (EndedSessions.Max + 1));
    }

    [Fact]
    public void WhereTheFileCannotBeWrittenTheSessionIsOverAllTheSameAndTheLogSaysSo()
    {
        using TemporaryFolder folder = new();
        ListLogger<WebServer> log = new();
        EndedSessions ended = new(Path.Combine(folder.Write("a-file", ""), "ended"), _clock, log);
        WebSession session = WebSession.New(_clock.GetUtcNow());

        ended.Add(session);

        Assert.True(ended.Has(session));
        Assert.Contains(log.Lines, line => line.Contains("cannot be stored", StringComparison.Ordinal));
    }

    EndedSessions New(TemporaryFolder folder) => new(folder.File("ended"), _clock, new ListLogger<WebServer>());
}

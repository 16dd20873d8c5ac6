using System.CommandLine;
using System.CommandLine.Parsing;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>
/// A verb that root runs on a device goes on as the owner of the state folder, before it opens anything: root writes through no link that
/// the service's user has set, leaves no file that the service cannot replace, and runs no decoder, network or camera program.
/// </summary>
static class StateOwner
{
    const uint Root = 0;

    /// <summary>Does nothing where the state folder is absent or root's own, or where another user runs the verb.</summary>
    /// <exception cref="EdgeShelfException">The owner is not known to the system, or cannot be taken on.</exception>
    /// <exception cref="ConfigurationException">A file that the command line names is not readable for the owner.</exception>
    public static void Become(ParseResult parsed)
    {
        if (!OperatingSystem.IsLinux() || Posix.EffectiveUser() != Root
            || Posix.OwnerOf(ServiceDirectories.State) is not { User: not Root } owner)
            return;
        if (Posix.FindUser(owner.User) is not { } user)
        {
            throw new EdgeShelfException(
                $"{ServiceDirectories.State} belongs to the user number {owner.User}, which has no name here.", $"Give it to the service's user: `chown -R edgeshelf: {ServiceDirectories.State}`.");
        }

        string[] files = [.. parsed.Tokens.Where(token => token.Type == TokenType.Argument && IsFile(token.Value)).Select(token => token.Value)];
        if (parsed.CommandResult.Command.Name == DoctorCommand.Name)
            ServiceDirectories.KeepPassword();
        ForgetDiagnosticSocket();
        try
        {
            Posix.BecomeUser(user.Name, owner.User, user.Group);
        }
        catch (IOException problem)
        {
            throw new EdgeShelfException(problem.Message, $"Run it as that user: `sudo -u {user.Name} edgeshelf …`.", problem);
        }
        // For the programs that a verb starts: root's home is closed to them.
        Environment.SetEnvironmentVariable("HOME", user.Home);

        if (files.FirstOrDefault(file => !Posix.MayRead(file)) is { } closed)
        {
            throw new ConfigurationException(
                $"The user {user.Name}, who owns {ServiceDirectories.State}, cannot read {Path.GetFullPath(closed)}; run by root, this verb works as that user.",
                "Make it and the folders above it readable, or copy it to where all may read, for example below /srv.");
        }
    }

    /// <summary>A bare word may be a model's name and only by chance a file's.</summary>
    static bool IsFile(string word) => (word.Contains('/', StringComparison.Ordinal) || Path.HasExtension(word)) && Path.Exists(word);

    /// <summary>.NET deletes it at the end, which the other user may not do.</summary>
    static void ForgetDiagnosticSocket()
    {
        foreach (string socket in Directory.EnumerateFileSystemEntries(Path.GetTempPath(), $"dotnet-diagnostic-{Environment.ProcessId}-*-socket"))
            File.Delete(socket);
    }
}

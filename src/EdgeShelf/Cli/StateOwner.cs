using System.CommandLine;
using System.CommandLine.Parsing;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>
/// A verb that root runs on a device switches to the owner of the state folder before it opens anything. This way root does not follow links that
/// the service's user has made, leaves no files that the service cannot replace, and does not run a decoder, network or camera program.
/// </summary>
static class StateOwner
{
    const uint Root = 0;

    /// <summary>Whether a verb of this process would switch to another user.</summary>
    public static bool IsAnother => OperatingSystem.IsLinux() && Posix.EffectiveUser() == Root && Posix.OwnerOf(ServiceDirectories.State) is { User: not Root };

    /// <summary>Does nothing when the state folder is missing or belongs to root, or when another user runs the verb.</summary>
    /// <exception cref="EdgeShelfException">The system does not know the owner, or the process cannot switch to it.</exception>
    /// <exception cref="ConfigurationException">The owner cannot read a file that the command line names.</exception>
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
        // Programs that a verb starts read HOME, and they have no access to root's home directory.
        Environment.SetEnvironmentVariable("HOME", user.Home);

        if (files.FirstOrDefault(file => !Posix.MayRead(file)) is { } closed)
        {
            throw new ConfigurationException(
                $"The user {user.Name}, who owns {ServiceDirectories.State}, cannot read {Path.GetFullPath(closed)}; run by root, this verb works as that user.",
                "Make the file and the folders above it readable, or copy it to a folder that all users can read, for example below /srv.");
        }
    }

    /// <summary>Whether the word names a file. A word without a slash or an extension may be a model's name that only happens to be a file's name too.</summary>
    static bool IsFile(string word) => (word.Contains('/', StringComparison.Ordinal) || Path.HasExtension(word)) && Path.Exists(word);

    /// <summary>Deletes .NET's diagnostic socket now. .NET would delete it at exit, which the other user is not permitted to do.</summary>
    static void ForgetDiagnosticSocket()
    {
        foreach (string socket in Directory.EnumerateFileSystemEntries(Path.GetTempPath(), $"dotnet-diagnostic-{Environment.ProcessId}-*-socket"))
            File.Delete(socket);
    }
}

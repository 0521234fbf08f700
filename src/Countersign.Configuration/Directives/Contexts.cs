namespace Countersign.Configuration.Directives;

/// <summary>The blocks a directive may stand in.</summary>
[Flags]
internal enum Contexts
{
    None = 0,
    Main = 1,
    Events = 2,
    Http = 4,
    Server = 8,
    Location = 16,
    /// <summary><c>if</c> in a server.</summary>
    ServerIf = 32,
    /// <summary><c>if</c> in a location.</summary>
    LocationIf = 64,
    LimitExcept = 128,
    Upstream = 256,

    HttpServer = Http | Server,
    HttpServerLocation = Http | Server | Location,
    HttpServerLocationIf = Http | Server | Location | LocationIf,
    Rewriting = Server | ServerIf | Location | LocationIf,
}

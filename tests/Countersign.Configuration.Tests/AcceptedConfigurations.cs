namespace Countersign.Configuration.Tests;

/// <summary>Configurations that nginx takes, some of them with a warning.</summary>
internal static class AcceptedConfigurations
{
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["nothing but events"] = "events{}",
        ["comments and quotes"] = "# a\nevents { } # b\nhttp { server { listen 127.0.0.1:8080; location /a { return 200 'a#b;{}\"'; } location \"/b c\" { return 200 \"x\\\"y\\n\"; } } }\n",
        ["braces in variables"] = Server("return 200 ${uri}x$host/;"),
        ["quoted condition"] = Server("if ($uri ~ \"^/(a|b){2}$\") { return 200 $1; }"),
        ["conditions"] = Server("set $a 1;\nif ($a) { set $a 2; }\nif ($a = 2) { return 204; }\nif ( $a != 'b c' ) { break; }\nif (-f $document_root/x) { rewrite ^ /y last; }\nif (!-e /x) { return 404; }"),
        ["conflicting names"] = "events { }\nhttp {\n server { listen 127.0.0.1:8080; server_name a b; }\n server { listen 127.0.0.1:8080; server_name b A; }\n}\n",
        ["two servers without a name"] = "events { }\nhttp {\n server { listen 127.0.0.1:8080; }\n server { listen 127.0.0.1:8080; }\n}\n",
        ["suspicious name"] = Server("server_name http://a;"),
        ["wildcard names"] = "events { }\nhttp {\n server { listen 127.0.0.1:8080; server_name *.a.b .c.d e.*; }\n server { listen 127.0.0.1:8080; server_name c.d ~^(?<x>.+)$; }\n}\n",
        ["redefined protocol options"] = "events { }\nhttp {\n server { listen 127.0.0.1:8080; }\n server { listen 127.0.0.1:8080 proxy_protocol; }\n server { listen 127.0.0.1:8080; }\n}\n",
        ["options of a later listen"] = "events { }\nhttp {\n server { listen 127.0.0.1:8080; }\n server { listen 127.0.0.1:8080 backlog=7 default_server; }\n}\n",
        ["duplicate extension"] = "events { }\nhttp {\n types {\n  text/html html;\n  text/plain html;\n }\n}\n",
        ["low bits"] = Server("allow 10.1.2.3/8; deny all;"),
        ["duplicate words"] = Server("proxy_next_upstream error error;"),
        ["two balancing methods"] = "events { }\nhttp {\n upstream a {\n  ip_hash;\n  least_conn;\n  server 127.0.0.1;\n }\n}\n",
        ["nested locations"] = Server("location /a { location /a/b { } location ~ c { location ~ d { } } location = /a/e { } }"),
        ["named locations"] = Server("location / { try_files $uri @a; } location @a { return 204; }"),
        ["every kind of location"] = Server("location = /a { } location ^~ /b { } location ~ \\.c$ { } location ~* \\.d$ { } location =/e { } location ^~/f { } location ~^/g { }"),
        ["limit_except"] = Server("location / { limit_except GET post { deny all; } }"),
        ["proxy settings"] = Server("location /a/ { proxy_pass http://127.0.0.1:81/b/; proxy_redirect default; proxy_redirect http://x/ /y/; proxy_redirect ~*^http://(.*)$ /$1; proxy_cookie_path / \"/; secure\"; proxy_cookie_domain .a.b c; }"),
        ["upstream later in the file"] = "events { }\nhttp {\n server { listen 127.0.0.1:8080; location / { proxy_pass http://later; } }\n upstream later { server 127.0.0.1:81 weight=3 max_fails=2 fail_timeout=3s; server unix:/a backup; keepalive 3; }\n}\n",
        ["maps"] = "events { }\nhttp {\n map $host:$uri $a {\n  default b;\n  ~*^x(?<y>.*)$ $y;\n  \\~z 1;\n  include /dev/null;\n }\n map $host $c {\n  hostnames;\n  *.d 1;\n  e.* $a;\n }\n}\n",
        ["log formats"] = "events { }\nhttp {\n log_format a escape=json '{\"a\":\"$uri\",'\n  '\"b\":$request_time}';\n access_log /dev/null a buffer=32k flush=1m if=$host;\n server { listen 127.0.0.1:8080; access_log off; }\n}\n",
        ["times and sizes"] = Server("send_timeout 1m30s;\nkeepalive_timeout '1h 5m' 30;\nclient_max_body_size 2G;\nclient_body_buffer_size 16K;\nproxy_read_timeout 1500ms;\nssl_session_timeout 1d;"),
        ["rewrites"] = Server("rewrite ^/a/(.*)$ /b/$1?c=$2? break;\nrewrite ^/d https://$host$request_uri permanent;\nrewrite /e /f redirect;"),
        ["error pages"] = Server("error_page 404 =200 /x;\nerror_page 500 502 @y;\nerror_page 495 496 https://$host/z;"),
        ["expires and headers"] = Server("expires -1;\nadd_header A \"b c\" always;\nadd_trailer D $uri;\nlocation /x { expires modified +1h; }\nlocation /y { expires @15h30m; }\nlocation /z { expires $arg_e; }"),
        ["patterns of PCRE"] = Server("location ~ \"^/(?P<a>\\w++)/(?'b'[[:alpha:]]+?)(?i)x(?:\\d{2,}|[^\\]\\-\\x2f])\\b$\" { return 200 $a$b; }"),
        ["a pattern with a comment and quoting"] = Server("location ~ '^/a(?#b)\\Q.*\\Ec(?=d)(?<!e)(?>f)(g)\\1{0}(?<h>i)(?P=h)?' { }"),
        ["wildcard include without files"] = "events { }\ninclude /nonexistent/*.conf;\n",
        ["verification of clients"] = "events { }\nhttp { ssl_verify_client optional_no_ca; ssl_verify_depth 3; ssl_protocols TLSv1.2 TLSv1.3; ssl_session_cache shared:S:1m; ssl_session_tickets off; server { listen 127.0.0.1:8080; } }\n",
        ["questions to responders"] = "events { }\nhttp { ssl_ocsp leaf; ssl_ocsp_cache shared:o:32k; ssl_ocsp_responder http://127.0.0.1; server { listen 127.0.0.1:8443 ssl; ssl_reject_handshake on; ssl_ocsp_responder HTTP://localhost:81/a?b; } server { listen 127.0.0.1:8444 ssl; ssl_reject_handshake on; ssl_ocsp off; ssl_ocsp_cache off; ssl_ocsp_responder http://unix:/a:/b; } }\n",
        ["a responder that nobody asks"] = "events { }\nhttp { ssl_ocsp on; ssl_ocsp_responder nonsense; ssl_verify_client optional_no_ca; server { listen 127.0.0.1:8080; } }\n",
        ["priority and processors"] = "worker_processes 2;\nworker_priority -5;\nworker_cpu_affinity 01 10;\nevents { }\n",
        ["more masks than loops"] = "worker_processes 2;\nworker_cpu_affinity 01 10 '11 00';\nevents { }\n",
        ["carriage returns"] = "events {\r\n}\r\nhttp {\r\n server {\r\n listen 127.0.0.1:8080;\r\n }\r\n}\r\n",
        ["absolute index"] = Server("index /a b;"),
        ["an address with an empty number"] = Server("location / { proxy_pass http://127..0.1; }"),
        ["ipv6"] = "events { }\nhttp { server { listen [::1]:8080; listen [::]:8081 ipv6only=on; } }\n",
        ["a range of ports"] = "events { }\nhttp { server { listen 127.0.0.1:8080-8082; listen unix:/tmp/countersign-range.sock; } }\n",
    };

    private static string Server(string inside) =>
        "events { }\n\nhttp {\n    server {\n        listen 127.0.0.1:8080;\n" + inside + "\n    }\n}\n";
}
